"""The tools that a model's session has. `agent/toolbox/tools.py` lists them."""
