"""Boxes and what fits."""


class Box:
    """A box by its sides."""

    def __init__(self, width, height, depth):
        self.width = width
        self.height = height
        self.depth = depth

    def __eq__(self, other):
        if not isinstance(other, Box):
            return NotImplemented
        return (self.width, self.height, self.depth) == (other.width, other.height, other.depth)

    def __hash__(self):
        return hash((self.width, self.height, self.depth))


def distinct(boxes):
    """Every box once, in the order they came."""
    seen = []
    for box in boxes:
        if box not in seen:
            seen.append(box)
    return seen


def stack(sides):
    """One box for each triple of sides."""
    return [Box(*side) for side in sides]


def unpack(sides):
    """The sides of the distinct boxes."""
    return [(box.width, box.height, box.depth) for box in distinct(stack(sides))]
