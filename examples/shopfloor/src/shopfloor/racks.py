"""The racks at the end of the hall, a level (in pieces) for each compartment."""

from __future__ import annotations


def put(levels: list[int], compartment: int, pieces: int) -> None:
    """Put pieces into a compartment."""
    if pieces < 0:
        raise ValueError(f"cannot put {pieces} pieces away")
    levels[compartment % len(levels)] += pieces
