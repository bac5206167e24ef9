"""A whole day, from the sales desk's export to the labels."""

from __future__ import annotations

from shopfloor.costing import cost_lots, step_minutes
from shopfloor.labels import label_sheet
from shopfloor.orders import parse_orders, tally_notes
from shopfloor.schedule import dispatch, quiet_levels
from shopfloor.stock import Bin, pick_list, smudged_labels, split_blocked
from shopfloor.storing import put_away

MACHINES = 6
LOT = 11
WINDOW = 150


def plan_day(
    export: list[str],
    bins: list[Bin],
    scans: list[str],
    queue_lengths: list[int],
    racks: list[int],
    capacity: int,
    overhead: float,
) -> dict[str, object]:
    """Plan the day; everything the office and the shop floor ask for, in one dictionary."""
    lines = parse_orders(export)
    ready, waiting = split_blocked(lines, bins)
    picks = pick_list(ready, [shelf for shelf in bins if not shelf.blocked])
    minutes = [step_minutes(line) for line in lines]
    steps = [(line.order, each) for line, each in zip(lines, minutes) for _ in range(line.pieces)]
    lots = [each * min(LOT, line.pieces - done) for line, each in zip(lines, minutes) for done in range(0, line.pieces, LOT)]
    return {
        "waiting": [line.order for line in waiting],
        "extras": tally_notes([line.note for line in lines]),
        "labels": label_sheet(picks),
        "last_minute": max(dispatch(steps, MACHINES).values(), default=0),
        "costs": cost_lots(lots, overhead),
        "smudged": smudged_labels(scans),
        "quietest": max(quiet_levels(queue_lengths, WINDOW), default=0),
        "outside": put_away([(line.order, line.pieces) for line in ready], list(racks), capacity),
    }
