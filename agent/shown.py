"""A measurement as it is shown to a model: what it is of, and the numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A profile in words."""

    what: str
    """One clause: of what, and under what."""
    body: str
    """The numbers, with lines of the source among them."""
