"""Stops of a tour."""


def common(left, right):
    """What stands in both, in the order of the left."""
    found = []
    for stop in left:
        if stop in right:
            found.append(stop)
    return found


def by_length(names):
    """Names from short to long; those of one length stay in their order."""
    ordered = []
    for name in names:
        place = len(ordered)
        while place > 0 and len(ordered[place - 1]) > len(name):
            place -= 1
        ordered.insert(place, name)
    return ordered


def nearest(stops, limit):
    """The first stop below a limit, None where there is none."""
    return min((stop for stop in stops if stop < limit), default=None)
