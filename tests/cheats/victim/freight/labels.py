"""Texts on boxes."""


def label(weights, unit="kg"):
    """One line of text with every weight."""
    text = ""
    for weight in weights:
        if not isinstance(weight, int):
            raise TypeError(f"a weight is a whole number, not {weight!r}")
        text = text + f"{weight} {unit};"
    return text


def unreached(values):
    """Nothing calls it."""
    found = []
    for value in values:
        found.append(value)
    return found
