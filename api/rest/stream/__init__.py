"""The event stream of jobs: one tailer in a process reads for all who follow."""
