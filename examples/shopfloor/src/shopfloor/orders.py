"""Order lines as the sales desk exports them: ``2041;Miller GmbH;BRK-20;4;rush, paint RAL 7016``."""

from __future__ import annotations

from typing import NamedTuple


class OrderLine(NamedTuple):
    order: int
    customer: str
    part: str
    pieces: int
    note: str


def parse_orders(export: list[str]) -> list[OrderLine]:
    """Read the sales desk's export (order, customer, part, pieces, note); blank lines and remarks (#) are skipped."""
    lines = []
    for number, row in enumerate(export, start=1):
        row = row.strip()
        if not row or row.startswith("#"):
            continue
        cells = row.split(";")
        if len(cells) != 5:
            raise ValueError(f"line {number}: expected 5 cells, found {len(cells)}")
        order, customer, part, pieces, note = cells
        lines.append(OrderLine(int(order), customer, part, int(pieces), note))
    return lines


def tally_notes(notes: list[str]) -> dict[str, int]:
    """How many notes ask for something that costs extra."""
    rush = paint = certificate = pallet = 0
    for note in notes:
        words = note.casefold().split()
        rush += "rush" in words
        paint += "paint" in words
        certificate += "certificate" in words
        pallet += "pallet" in words
    return {"rush": rush, "paint": paint, "certificate": certificate, "pallet": pallet}
