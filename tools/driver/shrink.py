"""A call's arguments made smaller step by step, so that what is shown of a difference is the heart of it.

The reductions of some arguments are numbered in a fixed order, large ones first; the same arguments have the same
reductions in every process. Containers are changed in place, so that what arguments share stays shared.
"""

import collections

MOST_REDUCTIONS = 400
MOST_PLACES = 300
_MAPPINGS = (dict, collections.OrderedDict, collections.defaultdict, collections.Counter)
_PLAINEST = ((int, 0), (int, 1), (float, 0.0), (float, 1.0), (str, ""), (str, "a"))
_IN_PLACE = (list, bytearray)


def count(args, kwargs):
    """How many reductions there are of (a list of arguments, keyword arguments)."""
    return len(_reductions(args, kwargs))


def reduce(args, kwargs, number):
    """Apply one of them, in place; raises IndexError where there is no such."""
    _reductions(args, kwargs)[number]()


def _reductions(args, kwargs):
    waiting = collections.deque()
    found = []
    met = set()

    def put_arg(index):
        return lambda new: args.__setitem__(index, new)

    def put_kwarg(name):
        return lambda new: kwargs.__setitem__(name, new)

    found.extend([_dropping(kwargs, name) for name in kwargs])
    for holder, place in [(args, i) for i in range(len(args))] + [(kwargs, name) for name in kwargs]:
        found += [_plain(holder, place, kind, other) for kind, other in _PLAINEST if _holds(holder[place], kind, other)]
    waiting.extend((value, put_arg(index)) for index, value in enumerate(args))
    waiting.extend((value, put_kwarg(name)) for name, value in kwargs.items())
    places = 0
    while waiting and len(found) < MOST_REDUCTIONS and places < MOST_PLACES:
        value, put = waiting.popleft()
        places += 1
        if type(value) in (*_IN_PLACE, *_MAPPINGS, set, collections.deque):
            if id(value) in met:
                continue
            met.add(id(value))
        found += _of(value, put)
        waiting.extend(_parts(value, put))
    return found[:MOST_REDUCTIONS]


def _holds(value, kind, other):
    """Whether a container holds two numbers or texts of a type that are not the plainest already."""
    return sum(1 for item in _scalars(value, 0) if type(item) is kind and item != other) > 1


def _scalars(value, depth):
    if type(value) in (list, tuple, collections.deque, *_MAPPINGS) and depth < 6:
        for item in list(value.values() if type(value) in _MAPPINGS else value)[:1000]:
            yield from _scalars(item, depth + 1)
    elif depth:
        yield value


def _plain(holder, place, kind, other):
    """Every number or text of one type becomes the plainest of its type, at once."""

    def simplified(value):
        if type(value) is kind:
            return other
        if type(value) in (list, collections.deque):
            for i, item in enumerate(list(value)):
                value[i] = simplified(item)
        elif type(value) in _MAPPINGS:
            for key, item in list(value.items()):
                value[key] = simplified(item)
        elif type(value) is tuple:
            return tuple(map(simplified, value))
        return value

    def apply():
        holder[place] = simplified(holder[place])

    return apply


def _of(value, put):
    """Reductions of one value: functions that put the smaller one in its place."""
    kind = type(value)
    if kind in (list, bytearray, collections.deque):
        return [_kept(value, indices) for indices in _subsets(len(value))]
    if kind in (tuple, bytes):
        return [_putting(put, kind(value[i] for i in indices)) for indices in _subsets(len(value))]
    if kind is str:
        letters = [_putting(put, "".join(value[i] for i in indices)) for indices in _subsets(len(value))]
        plain = "".join("a" if letter.isalpha() and letter != "a" else letter for letter in value)
        return letters + ([_putting(put, plain)] if plain != value else [])
    if kind in (set, frozenset):
        items = sorted(value, key=repr)
        return [_putting(put, kind(items[i] for i in indices)) for indices in _subsets(len(items))]
    if kind in _MAPPINGS:
        return [_kept_keys(value, indices) for indices in _subsets(len(value))]
    if kind in (int, float):
        return _numbers(value, put)
    if kind.__name__ in ("ndarray", "DataFrame", "Series") and kind.__module__.split(".")[0] in ("numpy", "pandas"):
        return _library(value, put)
    return []


def _subsets(length):
    """The indices that are kept: none, halves, quarters left out, single ones left out."""
    found = []
    size = length
    while size:
        starts = range(0, length, size)
        if len(starts) > 24:
            break
        found += [[i for i in range(length) if not start <= i < start + size] for start in starts]
        size //= 2
    return found


def _numbers(value, put):
    finite = abs(value) < 1 << 1000
    smaller = [other for other in map(type(value), range(3)) if abs(other) < abs(value) or not finite]
    if value < 0:
        smaller.append(-value)
    if type(value) is int and abs(value) > 4:
        smaller += [value // 2, value - 1 if value > 0 else value + 1]
    elif type(value) is float and finite and abs(value) < 1e15 and value != int(value):
        smaller.append(float(int(value)))
    return [_putting(put, other) for other in smaller]


def _library(value, put):
    rows = value.iloc if hasattr(value, "iloc") else value
    if not getattr(value, "ndim", 0) or not len(value):
        return []
    half = len(value) // 2
    found = [_putting(put, rows[half:].copy()), _putting(put, rows[: len(value) - 1].copy())]
    return ([_putting(put, rows[:half].copy())] if half else []) + found


def _parts(value, put):
    """What stands inside a value, each with the way to put another there."""
    kind = type(value)
    if kind in (list, collections.deque):
        return [(item, _setting(value, index)) for index, item in enumerate(list(value)[:50])]
    if kind is tuple:
        return [(item, _rebuilding(value, index, put)) for index, item in enumerate(value[:50])]
    if kind in _MAPPINGS:
        return [(item, _setting(value, key)) for key, item in list(value.items())[:50]]
    return []


def _dropping(kwargs, name):
    return lambda: kwargs.pop(name)


def _putting(put, new):
    return lambda: put(new)


def _setting(container, place):
    return lambda new: container.__setitem__(place, new)


def _rebuilding(value, index, put):
    return lambda new: put((*value[:index], new, *value[index + 1 :]))


def _kept(value, indices):
    def apply():
        items = [value[i] for i in indices]
        value.clear()
        value.extend(items)

    return apply


def _kept_keys(value, indices):
    def apply():
        pairs = list(value.items())
        value.clear()
        dict.update(value, [pairs[i] for i in indices])

    return apply
