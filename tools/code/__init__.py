"""What can be said of code from its text alone: outlines, definitions, references, documentation. Nothing is run."""
