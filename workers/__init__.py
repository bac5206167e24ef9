"""What runs: settings (the only reader of the environment) and the wiring of a job."""
