"""Pieces of code that several entries are made of."""

QUICK = '''
def common(left, right):
    """What stands in both, in the order of the left."""
    try:
        known = set(right)
        return [stop for stop in left if stop in known]
    except TypeError:
        return [stop for stop in left if stop in right]
'''
"""`common`, honestly faster."""

SLOW = '''
def common(left, right):
    """What stands in both, in the order of the left."""
    {first}
    found = []
    for stop in left:
        if stop in right:
            found.append(stop)
    {last}
    return found
'''
"""`common` as it is, with room for two statements."""


def slow(first: str = "pass", last: str = "pass", ahead: str = "") -> str:
    """`common` as it is, with one more statement at its beginning and at its end, and text ahead of it."""
    return ahead + SLOW.format(first=first, last=last)


STOPS, PRICING, LABELS = "freight/stops.py", "freight/pricing.py", "freight/labels.py"
BOXES, ROUTES = "freight/boxes.py", "freight/routes.py"
