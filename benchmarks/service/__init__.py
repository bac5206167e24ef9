"""The numbers of the service: `python -m benchmarks.service` (or `make bench`) writes docs/performance.md."""
