"""What models are told: the rules, the task, what was measured, and what became of earlier attempts."""
