"""Which kept candidates are delivered first where they are alternatives to each other."""
