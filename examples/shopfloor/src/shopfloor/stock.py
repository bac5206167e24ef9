"""The bins in the store room."""

from __future__ import annotations

import re
from typing import NamedTuple

from shopfloor.orders import OrderLine

LABEL = re.compile(r"[A-Z]{3}-\d+$", re.ASCII)


class Bin(NamedTuple):
    place: str
    part: str
    pieces: int
    blocked: bool


def split_blocked(lines: list[OrderLine], bins: list[Bin]) -> tuple[list[OrderLine], list[OrderLine]]:
    """Lines that can be worked on, and lines that wait because quality has blocked one of the part's bins."""
    blocked = [shelf.part for shelf in bins if shelf.blocked]
    ready = []
    waiting = []
    for line in lines:
        if line.part in blocked:
            waiting.append(line)
        else:
            ready.append(line)
    return ready, waiting


def pick_list(lines: list[OrderLine], bins: list[Bin]) -> list[tuple[int, str, int]]:
    """Every place where a line's part lies, in the order of the lines and then of the shelves."""
    picks = []
    for line in lines:
        for shelf in bins:
            if shelf.part == line.part:
                picks.append((line.order, shelf.place, min(line.pieces, shelf.pieces)))
    return picks


def smudged_labels(scans: list[str]) -> int:
    """How many of the gate's scans show no part number."""
    return sum(1 for scan in scans if not LABEL.match(scan))
