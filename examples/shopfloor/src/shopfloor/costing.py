"""What the work costs us."""

from __future__ import annotations

from shopfloor.orders import OrderLine

MINUTE_RATE = 0.85
SETUP_MINUTES = {"AXL": 21, "BRK": 9, "PIN": 4}


def step_minutes(line: OrderLine) -> int:
    """Minutes for one piece of a line; the kind of part decides."""
    return SETUP_MINUTES.get(line.part[:3], 12)


def cost_lots(minutes: list[int], overhead: float) -> list[float]:
    """Cost of each lot from its minutes: the machine's rate, and the lot's share of the day's overhead."""
    costs = []
    for worked in minutes:
        share = worked / sum(minutes)
        costs.append(round(worked * MINUTE_RATE + overhead * share, 2))
    return costs
