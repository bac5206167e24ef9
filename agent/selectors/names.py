"""The names of the selectors."""

FASTEST = "fastest"
DISTINGUISH = "distinguish"
NAMES = (FASTEST, DISTINGUISH)
