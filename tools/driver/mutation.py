"""Fresh inputs made from recorded ones: the same types and shapes, other values.

`mild` keeps sizes and shapes, so that the time a call takes stays typical; `wild` also drops, repeats, reorders and
reaches for extremes, so that what two versions do at the edges can be compared. Objects of classes are left as they
are: what their fields may hold is for their class to know.
"""

import string

_EXTREME_INTS = (0, 1, -1, 2, 255, 256, -128, 1 << 31, -(1 << 31), 1 << 63)
_EXTREME_FLOATS = (0.0, -0.0, 1.0, -1.0, 0.1, 1e-300, 1e300, float("inf"), float("-inf"), float("nan"))
_ODD_TEXT = (
    *("", " ", "\n", "\t", "\u00e9", "e\u0301", "\u4e2d", "\U0001f600", "\x00", "\u00a0", "'", '"', "\\", "A", "0"),
)
_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits)


def can_vary(value, depth=0):
    """Whether mutation can make another value of it."""
    if depth > 6:
        return False
    kind = type(value)
    if kind in (int, float, str, bytes):
        return True
    if kind in (list, tuple, set, frozenset):
        return any(can_vary(item, depth + 1) for item in list(value)[:50]) or (kind is list and len(value) > 1)
    if kind is dict:
        return any(can_vary(item, depth + 1) for item in list(value.values())[:50])
    return False


class Mutator:
    """Makes variants with one random generator (`random.Random`), so that a seed names the variant."""

    def __init__(self, rng, wild):
        self._rng = rng
        self._wild = wild

    def arguments(self, args, kwargs):
        """Another call: (arguments, keyword arguments), at least one of them changed where any can be."""
        places = [i for i, value in enumerate(args) if can_vary(value)]
        names = [name for name, value in kwargs.items() if can_vary(value)]
        chosen = [place for place in places + names if self._rng.random() < 0.7] or (places + names)[:1]
        new_args = [self.vary(value) if i in chosen else value for i, value in enumerate(args)]
        return new_args, {name: self.vary(value) if name in chosen else value for name, value in kwargs.items()}

    def vary(self, value, depth=0):
        """Another value of the same type; the value itself where there is none."""
        kind = type(value)
        rng = self._rng
        if depth > 6 or value is None or kind is bool:
            return value
        if kind is int:
            return self._int(value)
        if kind is float:
            return rng.choice(_EXTREME_FLOATS) if self._wild and rng.random() < 0.15 else value * rng.uniform(0.5, 1.5)
        if kind is str:
            return self._text(value)
        if kind is bytes:
            return bytes((byte + rng.randrange(256)) % 256 if rng.random() < 0.1 else byte for byte in value)
        if kind in (list, tuple):
            return kind(self._sequence(list(value), depth))
        if kind in (set, frozenset):
            return kind(self.vary(item, depth + 1) if rng.random() < 0.5 else item for item in sorted(value, key=repr))
        if kind is dict:
            return self._mapping(value, depth)
        return value

    def _int(self, value):
        rng = self._rng
        if self._wild and rng.random() < 0.2:
            small = -(1 << 16) < value < 1 << 16
            return rng.choice(_EXTREME_INTS) if small and rng.random() < 0.3 else value + rng.choice((-1, 1))
        span = max(1, abs(value) // 4)
        varied = value + rng.randint(-span, span)
        return varied if (varied < 0) == (value < 0) else value

    def _text(self, value):
        rng = self._rng
        letters = list(value)
        for i, letter in enumerate(letters):
            if rng.random() < 0.3:
                for group in _CLASSES:
                    if letter in group:
                        letters[i] = rng.choice(group)
        if self._wild:
            for _ in range(rng.randrange(4)):
                self._edit(letters)
        return "".join(letters)

    def _edit(self, letters):
        rng = self._rng
        at = rng.randrange(len(letters) + 1)
        what = rng.randrange(4)
        if what == 0:
            letters[at:at] = [rng.choice(_ODD_TEXT)]
        elif what == 1:
            del letters[at : at + rng.randrange(1, 4)]
        elif what == 2:
            letters[at:at] = letters[at : at + rng.randrange(1, 9)]
        else:
            letters[at : at + 1] = [letter.swapcase() for letter in letters[at : at + 1]]

    def _sequence(self, items, depth):
        rng = self._rng
        share = 1.0 if len(items) < 8 else 0.5
        items = [self.vary(item, depth + 1) if rng.random() < share else item for item in items]
        if not self._wild or not items:
            return items
        what = rng.randrange(8)
        if what == 0:
            items = []
        elif what == 1:
            items = items[:1]
        elif what == 2:
            items = items + items[: rng.randrange(1, len(items) + 1)]
        elif what == 3:
            rng.shuffle(items)
        elif what == 4:
            items = items[::-1]
        elif what == 5:
            del items[rng.randrange(len(items))]
        return items

    def _mapping(self, value, depth):
        rng = self._rng
        pairs = [(key, self.vary(item, depth + 1) if rng.random() < 0.6 else item) for key, item in value.items()]
        if self._wild and pairs and rng.random() < 0.2:
            del pairs[rng.randrange(len(pairs))]
        return dict(pairs)


def spoil(value):
    """Change a mutable value in place, as a caller that owns it may; whether there was anything to change.

    What goes in was in it before, so that the value stays one that its function may be given.
    """
    kind = type(value)
    if kind is list and value:
        value.append(value[0])
    elif kind is dict and value:
        del value[next(iter(value))]
    elif kind is set and value:
        value.pop()
    elif kind is bytearray and value:
        value.append(value[0])
    else:
        return False
    return True
