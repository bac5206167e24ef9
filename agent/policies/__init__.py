"""Search strategies: what to try next, as a function of what was tried. `agent/policies/choose.py` lists them."""
