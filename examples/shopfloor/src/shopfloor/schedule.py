"""Which machine does what, and when."""

from __future__ import annotations


def dispatch(steps: list[tuple[int, int]], machines: int) -> dict[int, int]:
    """Hand out (order, minutes) steps first come, first served, to the machines in turn.

    Nobody works longer than an hour at a stretch: what is left of a step goes back to the end of the queue. Returns the
    minute at which each order is finished.
    """
    queue = list(steps)
    clock = [0] * machines
    turn = 0
    finished = {}
    while queue:
        order, minutes = queue.pop(0)
        if minutes > 60:
            queue.append((order, minutes - 60))
            minutes = 60
        clock[turn] += minutes
        finished[order] = clock[turn]
        turn = (turn + 1) % machines
    return finished


def quiet_levels(lengths: list[int], window: int) -> list[int]:
    """For each moment of the day, the shortest the queue gets within the next `window` readings."""
    levels = []
    for start in range(len(lengths) - window + 1):
        levels.append(sorted(lengths[start : start + window])[0])
    return levels
