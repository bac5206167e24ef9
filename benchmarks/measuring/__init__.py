"""What the measuring promises, checked on recorded pairs: `python -m benchmarks.measuring` says how."""
