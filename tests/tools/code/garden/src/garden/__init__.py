"""A repository to look around in. Comments name what a line refers to, for certain or possibly."""

from .plants import Plant, Tree as Oak  # sure: Plant
from .plants import *
from .tending import water as give_water  # sure: water

__all__ = [
    "Plant",  # sure: Plant
    "Oak",
    "give_water",  # sure: water
]
