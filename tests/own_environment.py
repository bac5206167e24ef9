"""What the tests themselves run in, in the place of a built environment."""

import sys
from pathlib import Path

import tools.driver
from tools.recipe.environment import Environment


def own_environment() -> Environment:
    """It has pytest, and the driver as it stands in the tree."""
    return Environment(
        digest="tests",
        venv=Path(sys.prefix),
        interpreter=Path(sys.base_prefix),
        generated=Path("/nonexistent"),
        driver=Path(next(iter(tools.driver.__path__))),
    )
