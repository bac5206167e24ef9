"""What is remembered across jobs: proven rewrites in a form that can serve elsewhere, and how they are found."""
