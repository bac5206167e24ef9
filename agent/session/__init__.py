"""One conversation with a model at a desk, from the task to what it hands in."""
