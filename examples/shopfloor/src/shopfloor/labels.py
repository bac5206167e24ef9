"""What the label printer gets."""

from __future__ import annotations

SENDER = "Shopfloor Ltd, Hall 4, Foundry Lane 12, returns to gate 2"
HANDLING = "handle with care | keep dry | this side up"


def label_sheet(picks: list[tuple[int, str, int]]) -> str:
    """One label a pick, each on a line of its own, with a check digit at the end."""
    return "".join(
        f"| {SENDER} | order {order:06d} | shelf {place} | {pieces:3d} pcs | {HANDLING} | {(order + pieces) % 10} |\n"
        for order, place, pieces in picks
    )
