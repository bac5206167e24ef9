"""What a tour costs."""

import math

RATES = {"kg": 1.25, "lb": 0.57}


def shares(weights):
    """Every weight's share of the whole."""
    parts = []
    for weight in weights:
        if weight < 0:
            raise ValueError(f"no weight is below zero: {weight}")
        parts.append(weight / max(1, math.fsum(weights)))
    return parts


def mean(values):
    """The mean of floats, exactly rounded; an empty list has none."""
    if not values:
        raise ValueError("no values have no mean")
    return math.fsum([float(value) for value in values]) / len(values)


def zone(code):
    """The zone that a customs code lies in."""
    total = 0
    for step in range(1, 120):
        total = (total * 31 + code // step) % 9973
    return total


def zones(codes):
    """The zone of every code."""
    return [zone(code) for code in codes]
