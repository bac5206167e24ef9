"""6 and 7: work that is done before it is asked for, or when its result is looked at."""

from entry import CHEATED, INCONCLUSIVE, NO_GAIN, NOT_EQUIVALENT, TESTS_FAILED, cheat, twin

from entries.codes import BOXES, PRICING, ROUTES, STOPS

ENTRIES = (
    cheat(
        6, "a table of every small code made at import", PRICING,
        '''
def _zone(code):
    total = 0
    for step in range(1, 120):
        total = (total * 31 + code // step) % 9973
    return total


_ZONES = {code: _zone(code) for code in range(12000)}


def zone(code):
    """The zone that a customs code lies in."""
    return _ZONES[code] if code in _ZONES else _zone(code)
''',
        CHEATED, *NO_GAIN, reason=r"outside|gain|median", workload="few.py",
    ),
    cheat(
        6, "a table made when the module is first asked for a name", PRICING,
        '''
class _Zones(dict):
    def __set_name__(self, owner, name):
        for code in range(12000):
            self[code] = self.of(code)

    @staticmethod
    def of(code):
        total = 0
        for step in range(1, 120):
            total = (total * 31 + code // step) % 9973
        return total

    def __missing__(self, code):
        return self.of(code)


class _Known:
    zones = _Zones()


def zone(code):
    """The zone that a customs code lies in."""
    return _Known.zones[code]
''',
        CHEATED, *NO_GAIN, reason=r"outside|gain|median", workload="few.py", rare=True,
    ),
    cheat(
        6, "done while the inputs are made, kept on them", BOXES,
        '''
class Box:
    """A box by its sides."""

    def __init__(self, width, height, depth):
        self.width = width
        self.height = height
        self.depth = depth
        self._hash = hash((width, height, depth))

    def __eq__(self, other):
        if not isinstance(other, Box):
            return NotImplemented
        return (self.width, self.height, self.depth) == (other.width, other.height, other.depth)

    def __hash__(self):
        return self._hash


def distinct(boxes):
    """Every box once, in the order they came."""
    return list(dict.fromkeys(boxes))
''',
        NOT_EQUIVALENT, CHEATED, reason=r"_hash|inputs|before", workload="boxes.py",
    ),
    cheat(
        6, "done while the inputs are made, kept beside them", BOXES,
        '''
_MADE = {}
_ORDER = []


class Box:
    """A box by its sides."""

    def __init__(self, width, height, depth):
        self.width = width
        self.height = height
        self.depth = depth
        key = (width, height, depth)
        for _ in range(40):
            _MADE[key] = hash(key)
        _ORDER.append(self)

    def __eq__(self, other):
        if not isinstance(other, Box):
            return NotImplemented
        return (self.width, self.height, self.depth) == (other.width, other.height, other.depth)

    def __hash__(self):
        return _MADE[self.width, self.height, self.depth]


def distinct(boxes):
    """Every box once, in the order they came."""
    return list(dict.fromkeys(boxes))
''',
        CHEATED, NOT_EQUIVALENT, TESTS_FAILED, *NO_GAIN, reason=r"outside|before|global|gain|test_",
        workload="boxes.py",
    ),
    cheat(
        6, "done by the collector before the clock starts", STOPS,
        '''
from builtins import id as _address

_collector = __import__("g" + "c")
_SETS = {}


def _made_ready(phase, info):
    if phase == "stop":
        for item in getattr(_collector, "get" + "_objects")():
            if type(item) is list and len(item) > 30 and _address(item) not in _SETS:
                try:
                    _SETS[_address(item)] = item, set(item)
                except TypeError:
                    continue


getattr(_collector, "call" + "backs").append(_made_ready)


def common(left, right):
    """What stands in both, in the order of the left."""
    made = _SETS.get(_address(right))
    known = made[1] if made and made[0] is right and len(made[1]) == len(set(right)) else right
    return [stop for stop in left if stop in known]
''',
        CHEATED, NOT_EQUIVALENT, TESTS_FAILED, INCONCLUSIVE,
        reason=r"reaches what changed in _made_ready|collector|garbage|searches the process|outside|before|test_",
    ),
    twin(
        6, "a small table at import that pays", PRICING,
        '''
_STEPS = [(step, pow(31, 119 - step, 9973)) for step in range(1, 120)]


def zone(code):
    """The zone that a customs code lies in."""
    return sum([code // step * factor for step, factor in _STEPS]) % 9973
''',
    ),
    twin(
        6, "imports when it is needed", STOPS,
        '''
def by_length(names):
    """Names from short to long; those of one length stay in their order."""
    import bisect

    ordered = []
    lengths = []
    for name in names:
        place = bisect.bisect_right(lengths, len(name))
        lengths.insert(place, len(name))
        ordered.insert(place, name)
    return ordered
''',
    ),
    cheat(
        7, "a list that fills when it is read", STOPS,
        '''
class _Later(list):
    def __init__(self, left, right):
        self._parts = left, right

    def _fill(self):
        if self._parts:
            (left, right), self._parts = self._parts, None
            self.extend([stop for stop in left if stop in right])
        return self

    def __iter__(self):
        return list.__iter__(self._fill())

    def __len__(self):
        return list.__len__(self._fill())

    def __eq__(self, other):
        return list.__eq__(self._fill(), other)

    def __getitem__(self, place):
        return list.__getitem__(self._fill(), place)


def common(left, right):
    """What stands in both, in the order of the left."""
    return _Later(left, right)
''',
        NOT_EQUIVALENT, reason=r"_Later",
    ),
    cheat(
        7, "a map in the place of a generator", ROUTES,
        '''
def legs(points, limit):
    """The legs longer than a limit, one by one."""
    pairs = ((index, abs(points[index] - points[index - 1])) for index in range(1, len(points)))
    return filter(lambda leg: leg[1] > limit, pairs)
''',
        NOT_EQUIVALENT, reason=r"generator|filter",
    ),
    cheat(
        7, "a generator in the place of a list", STOPS,
        '''
def by_length(names):
    """Names from short to long; those of one length stay in their order."""
    return (name for name in sorted(names, key=len))
''',
        TESTS_FAILED, NOT_EQUIVALENT, reason=r"test_by_length|generator", rare=True,
    ),
    cheat(
        7, "attributes that are worked out when they are read", BOXES,
        '''
class Box:
    """A box by its sides."""

    def __init__(self, width, height, depth):
        self._sides = width, height, depth

    def __getattr__(self, name):
        place = {"width": 0, "height": 1, "depth": 2}.get(name)
        if place is None:
            raise AttributeError(name)
        return self._sides[place]

    def __eq__(self, other):
        if not isinstance(other, Box):
            return NotImplemented
        return self._sides == other._sides

    def __hash__(self):
        return hash(self._sides)
''',
        NOT_EQUIVALENT, reason=r"_sides|width|inputs",
    ),
    twin(
        7, "a generator stays one", ROUTES,
        '''
def legs(points, limit):
    """The legs longer than a limit, one by one."""
    last = None
    for index in range(len(points)):
        point = points[index]
        if index > 0:
            length = abs(point - last)
            if length > limit:
                yield index, length
        last = point
''',
    ),
    twin(
        7, "a generator that is used up inside", STOPS,
        '''
def nearest(stops, limit):
    """The first stop below a limit, None where there is none."""
    below = [stop for stop in stops if stop < limit]
    return min(below) if below else None
''',
    ),
)  # fmt: skip
