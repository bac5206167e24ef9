"""Fresh inputs made from recorded ones: the same types and shapes, other values.

`mild` keeps sizes and shapes, so that the time a call takes stays typical. The others are for comparing what two
versions do at the edges: `wild` drops, repeats, reorders, makes ties and takes values from where they matter (lengths,
other arguments, other recorded calls, constants of the code); `edge` moves one value alone; `huge` reaches for numbers
that few functions survive; `aliased` passes one object for two arguments.
"""

import collections

from .mutation_arrays import LIBRARY
from .mutation_edges import edged
from .mutation_iterators import ITERATORS, can_draw, with_items
from .mutation_objects import OBJECTS, can_vary_object, fields_varied
from .mutation_pool import gathered, round_number
from .mutation_text import text_varied

MOST_DEPTH = 6
_SMALL_INTS = (0, 1, -1, 2, 3, 10, -2, 255, 256, -128)
_HUGE_INTS = (1 << 31, -(1 << 31), (1 << 53) + 1, 1 << 63, -(1 << 63), 1 << 64, 10**20, 10**6)
_FLOATS = (0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1.5, 2.5, 1e-300, 1e300, float("inf"), float("-inf"), float("nan"))
_MAPPINGS = (dict, collections.OrderedDict, collections.defaultdict, collections.Counter)
_SEQUENCES = (list, tuple, collections.deque)
_MUTABLE = (list, set, bytearray, collections.deque, *_MAPPINGS)
_SCALARS = (int, float, str, bytes)


def can_vary(value, depth=0):
    """Whether mutation can make another value of it."""
    if depth > MOST_DEPTH:
        return False
    kind = type(value)
    if kind in (*_SCALARS, bytearray) or LIBRARY.handles(kind):
        return True
    if kind in ITERATORS:
        return can_draw(value)
    if kind in (list, tuple, set, frozenset, collections.deque):
        return any(can_vary(item, depth + 1) for item in list(value)[:50]) or (kind is list and len(value) > 1)
    if kind in _MAPPINGS:
        return any(can_vary(item, depth + 1) for item in list(value.values())[:50])
    return can_vary_object(value, lambda field: can_vary(field, depth + 1))


class Mutator:
    """Makes variants with one random generator (`random.Random`), so that a seed names the variant.

    `pool` are further values worth trying; `peer()` gives the (args, kwargs) of another recorded call.
    """

    def __init__(self, rng, how, pool=(), peer=None):
        self.rng = rng
        self.wild = how != "mild"
        self._how = how
        self._peer = peer if self.wild else None
        self._constants = list(pool) if self.wild else []
        self.pool = {}

    def arguments(self, args, kwargs):
        """Another call: (arguments, keyword arguments), at least one of them changed where any can be."""
        rng = self.rng
        if self.wild:
            args, kwargs = self._crossed(args, kwargs)
            self.pool = gathered([*args, *kwargs.values()], self._constants)
        if self._how == "edge":
            return edged(self, list(args), dict(kwargs), self._peer)
        places = [i for i, value in enumerate(args) if can_vary(value) or (self.wild and type(value) is bool)]
        names = [k for k, value in kwargs.items() if can_vary(value) or (self.wild and type(value) is bool)]
        share = rng.choice((0.2, 0.5, 0.7, 1.0)) if self.wild else 0.7
        chosen = [place for place in places + names if rng.random() < share] or self._one(places + names)
        args = [self.vary(value) if i in chosen else value for i, value in enumerate(args)]
        kwargs = {name: self.vary(value) if name in chosen else value for name, value in kwargs.items()}
        if self.wild and rng.random() < 0.2:
            kwargs = dict(list(kwargs.items())[::-1])
        if self._how == "aliased":
            self._alias(args)
        return args, kwargs

    def vary(self, value, depth=0):
        """Another value of the same type; the value itself where there is none."""
        kind = type(value)
        if depth > MOST_DEPTH or value is None:
            return value
        if kind is bool:
            return not value if self.wild and self.rng.random() < 0.4 else value
        if kind is int:
            return self._int(value)
        if kind is float:
            return self._float(value)
        if kind is str:
            return text_varied(self, value)
        if kind in (bytes, bytearray):
            return kind(self._bytes(list(value)))
        if kind in _SEQUENCES:
            return self._sequence_like(value, kind, depth)
        if kind in ITERATORS:
            return with_items(value, lambda items: self._sequence(items, list, depth)) if can_draw(value) else value
        if kind in (set, frozenset):
            return kind(self._set(value, depth))
        if kind in _MAPPINGS:
            return self._mapping(value, kind, depth)
        if LIBRARY.handles(kind):
            return LIBRARY.varied(self, value)
        if kind in OBJECTS:
            return OBJECTS[kind](self, value)
        return fields_varied(self, value, depth) if can_vary_object(value, can_vary) else value

    def _one(self, places):
        return [self.rng.choice(places)] if self.wild and places else places[:1]

    def _crossed(self, args, kwargs):
        """Some arguments taken from another recorded call of the same shape."""
        if self._peer is None or self._how == "edge" or self.rng.random() >= 0.35:
            return args, kwargs
        other_args, other_kwargs = self._peer()
        if len(other_args) != len(args):
            return args, kwargs
        args = [two if self.rng.random() < 0.4 else one for one, two in zip(args, other_args)]
        return args, {k: other_kwargs.get(k, v) if self.rng.random() < 0.4 else v for k, v in kwargs.items()}

    def _alias(self, args):
        for i, one in enumerate(args):
            for j in range(i + 1, len(args)):
                if type(one) is type(args[j]) and self._may_be_one(one, args[j]):
                    args[j] = one
                    return

    @staticmethod
    def _may_be_one(one, other):
        """Whether two values hold alike: only then may a caller mean the same by both."""
        return (type(one) in _MUTABLE and _held(one) == _held(other)) or LIBRARY.handles(type(one))

    def _int(self, value):
        rng = self.rng
        if self.wild:
            draw = rng.random()
            if self._how == "huge" and draw < 0.3:
                return rng.choice(_HUGE_INTS)
            if draw < 0.12 and -(1 << 16) < value < 1 << 16:
                return rng.choice(_SMALL_INTS)
            if draw < 0.15:
                return round_number(rng) if value > 100 else value * rng.choice((0, 2, 10))
            if draw < 0.4 and self.pool.get(int):
                return rng.choice(self.pool[int]) + rng.choice((-1, 0, 0, 1))
            if draw < 0.6:
                return value + rng.choice((-1, 1))
            if draw < 0.65:
                return -value
        span = max(1, abs(value) // 4)
        varied = value + rng.randint(-span, span)
        return varied if (varied < 0) == (value < 0) else value

    def _float(self, value):
        rng = self.rng
        if self.wild:
            draw = rng.random()
            if draw < 0.12:
                return rng.choice(_FLOATS)
            if draw < 0.15:
                return float(round_number(rng))
            if draw < 0.3 and self.pool.get(float):
                return rng.choice(self.pool[float])
            if draw < 0.4 and abs(value) < 1e15:
                return round(value) + rng.choice((0.0, 0.5, -0.5))
            if draw < 0.45:
                return -value
        return value * rng.uniform(0.5, 1.5)

    def _bytes(self, codes):
        rng = self.rng
        codes = [(code + rng.randrange(256)) % 256 if rng.random() < 0.1 else code for code in codes]
        if self.wild:
            for _ in range(rng.randrange(3)):
                at = rng.randrange(len(codes) + 1)
                what = rng.randrange(4)
                if what == 0:
                    codes[at:at] = [rng.choice((0, 10, 13, 32, 127, 128, 255))]
                elif what == 1:
                    del codes[at : at + rng.randrange(1, 4)]
                elif what == 2:
                    codes[at:at] = codes[at : at + rng.randrange(1, 9)]
                elif self.pool.get(bytes):
                    codes[at:at] = list(rng.choice(self.pool[bytes]))
        return codes

    def _sequence_like(self, value, kind, depth):
        items = self._sequence(list(value), kind, depth)
        return kind(items, value.maxlen) if kind is collections.deque else kind(items)

    def _sequence(self, items, kind, depth):
        rng = self.rng
        share = 1.0 if len(items) < 8 else 0.5
        if self.wild:
            # Where every item is changed, nothing in it matches anything else any more.
            share = rng.choice((0.0, 0.0, 2.0 / (len(items) or 1), share))
        items = [self.vary(item, depth + 1) if rng.random() < share else item for item in items]
        if not self.wild or (kind is tuple and len({type(item) for item in items}) > 1 and rng.random() < 0.95):
            return items
        for _ in range(rng.choice((0, 1, 1, 2)) if depth else rng.choice((0, 1, 1, 2, 3))):
            items = self._restructured(items, depth)
        return items

    def _restructured(self, items, depth):  # noqa: PLR0912
        rng = self.rng
        if not items:
            return items
        at, other = rng.randrange(len(items)), rng.randrange(len(items))
        what = rng.randrange(13)
        if what == 0:
            return [] if rng.random() < 0.5 else items[:2]
        if what == 1:
            return items[:1]
        if what == 2:
            return items + items[: rng.randrange(1, len(items) + 1)]
        if what == 3:
            rng.shuffle(items)
        elif what == 4:
            return items[::-1]
        elif what == 5:
            del items[at]
        elif what == 6:
            items[at:at] = [items[other]] * rng.randrange(1, 4)
        elif what == 7:
            return [items[at]] * len(items)
        elif what == 8:
            return _sorted(items)
        elif what in (9, 10):
            items[at] = self._blended(items[at], items[other])
        elif what == 11:
            items[at:at] = [self.vary(item, depth + 1) for item in items[other : other + rng.randrange(1, 9)]]
        else:
            return items[: rng.randrange(1, len(items) + 1)]
        return items

    def _blended(self, one, other):
        """An item that has parts of another: equal keys, ties, near duplicates."""
        if type(one) is not type(other):
            return other
        if type(one) in (tuple, list) and len(one) == len(other):
            return type(one)(b if self.rng.random() < 0.5 else a for a, b in zip(one, other))
        if type(one) is dict:
            return {key: other[key] if key in other and self.rng.random() < 0.5 else item for key, item in one.items()}
        return other

    def _set(self, value, depth):
        rng = self.rng
        items = [self.vary(item, depth + 1) if rng.random() < 0.5 else item for item in sorted(value, key=repr)]
        if self.wild and items:
            what = rng.randrange(6)
            if what == 0:
                items = []
            elif what == 1:
                items = items[:1]
            elif what == 2:
                del items[rng.randrange(len(items))]
            elif what == 3:
                items += self.pool.get(type(items[0]), [])[:2]
        return items

    def _mapping(self, value, kind, depth):
        rng = self.rng
        share = rng.choice((0.0, 0.3, 0.6)) if self.wild else 0.6
        pairs = [(key, self.vary(item, depth + 1) if rng.random() < share else item) for key, item in value.items()]
        if self.wild and pairs:
            at, other = rng.randrange(len(pairs)), rng.randrange(len(pairs))
            what = rng.randrange(10)
            if what == 0:
                pairs = pairs[: rng.randrange(2)]
            elif what in (1, 2):
                del pairs[at]
            elif what == 3:
                rng.shuffle(pairs)
            elif what == 4:
                pairs[at] = (pairs[at][0], pairs[other][1])
            elif what == 5 and type(pairs[at][0]) in _SCALARS:
                pairs[at] = (self.vary(pairs[at][0], depth + 1), pairs[at][1])
            elif what == 6 and self.pool.get(type(pairs[at][0])):
                pairs.append((rng.choice(self.pool[type(pairs[at][0])]), pairs[at][1]))
            elif what == 7 and type(pairs[at][0]) is str:
                # A key that another begins with: which of the two is met first?
                pairs.insert(rng.choice((0, len(pairs))), (pairs[at][0][:-1], pairs[other][1]))
        if kind is dict:
            return dict(pairs)
        made = value.copy()
        made.clear()
        dict.update(made, pairs)
        return made


def _held(container):
    """Types of what a container holds: two that hold alike may well be one."""
    return {type(item) for item in list(container)[:8]}


def _sorted(items):
    try:
        return sorted(items)
    except Exception:
        return items
