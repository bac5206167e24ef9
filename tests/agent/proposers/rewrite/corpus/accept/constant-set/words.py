"""Days."""

DAYS = [
    "monday", "tuesday", "wednesday",
    "thursday", "friday",
]  # working days
OTHER = 1


def target(rows):
    return [row for row in rows if row in DAYS], sum(row not in DAYS for row in rows)
# ==== after
"""Days."""

DAYS = [
    "monday", "tuesday", "wednesday",
    "thursday", "friday",
]  # working days
DAYS_SET = frozenset(DAYS)
OTHER = 1


def target(rows):
    return [row for row in rows if row in DAYS_SET], sum(row not in DAYS_SET for row in rows)
# ==== inputs
large, faster = 5000, 1.1


def inputs(random, size):
    return ([random.choice(["sunday", "friday", "xday"]) for _ in range(size)],)
