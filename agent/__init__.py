"""What decides: the loop, policies, proposers, probes and the judge."""
