"""Every rule of the rewriter before and after, on the examples of its own corpus."""
