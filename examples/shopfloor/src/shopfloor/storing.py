"""Where finished pieces go."""

from __future__ import annotations

from shopfloor.racks import put


def put_away(finished: list[tuple[int, int]], levels: list[int], capacity: int) -> list[int]:
    """Put finished (order, pieces) on the racks. Orders for which there is no room any more stay outside: their numbers."""
    outside = []
    for order, pieces in finished:
        if sum(levels) + pieces > capacity:
            outside.append(order)
        else:
            put(levels, order, pieces)
    return outside
