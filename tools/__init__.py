"""What touches the world: git, sandboxes, tests, profilers, the clock. No LLM, no database, no web."""
