"""A call's arguments made smaller step by step, so that what is shown of a difference is the heart of it.

The reductions of some arguments are numbered in a fixed order, large ones first; the same arguments have the same
reductions in every process. Containers are changed in place, so that what arguments share stays shared.
"""

import collections

MOST_REDUCTIONS = 400
MOST_PLACES = 300
_MAPPINGS = (dict, collections.OrderedDict, collections.defaultdict, collections.Counter)
_PLAINEST = ((0,), (0, 1), (0.0,), (0.0, 1.0), ("",), ("", "a"))
"""What all numbers or texts of a container may become at once: the last of each, where they are none of these."""
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
        held = collections.Counter((type(item), item) for item in _scalars(holder[place], 0))
        found += [_plain(holder, place, plainest[-1]) for plainest in _PLAINEST if _plainer(held, plainest)]
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


def _plainer(held, plainest):
    """Whether a container holds two values of a type that are none of the plainest."""
    kind = type(plainest[0])
    return sum(times for (one, item), times in held.items() if one is kind and item not in plainest) > 1


def _scalars(value, depth):
    if type(value) in (list, tuple, collections.deque, *_MAPPINGS) and depth < 6:
        for item in list(value.values() if type(value) in _MAPPINGS else value)[:1000]:
            yield from _scalars(item, depth + 1)
    elif depth and type(value) in (int, float, str):
        yield value


def _plain(holder, place, other):
    """Every number or text of one type becomes the plainest of its type, at once."""

    def simplified(value):
        if type(value) is type(other):
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
        return [_kept(value, left_out) for left_out in _slices(len(value))]
    if kind in (tuple, bytes):
        return [_putting(put, lambda cut=cut: value[: cut[0]] + value[cut[1] :]) for cut in _slices(len(value))]
    if kind is str:
        found = [_putting(put, lambda cut=cut: value[: cut[0]] + value[cut[1] :]) for cut in _slices(len(value))]
        plain = "".join("a" if letter.isalpha() and letter != "a" else letter for letter in value[:1000])
        return [*found, _putting(put, lambda: plain)] if plain != value[:1000] else found
    if kind in (set, frozenset):
        items = sorted(value, key=repr)
        return [_putting(put, lambda cut=cut: kind(items[: cut[0]] + items[cut[1] :])) for cut in _slices(len(items))]
    if kind in _MAPPINGS:
        return [_kept_keys(value, left_out) for left_out in _slices(len(value))]
    if kind in (int, float):
        return _numbers(value, put)
    if kind.__name__ in ("ndarray", "DataFrame", "Series") and kind.__module__.split(".")[0] in ("numpy", "pandas"):
        return _library(value, put)
    return []


def _slices(length):
    """(start, end) of what is left out: everything, halves, quarters, at last single ones."""
    found = []
    size = length
    while size and length <= 24 * size:
        found += [(start, min(start + size, length)) for start in range(0, length, size)]
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
        smaller += [float(int(value)), 1.0]
    return [_putting(put, lambda other=other: other) for other in smaller]


def _library(value, put):
    rows = value.iloc if hasattr(value, "iloc") else value
    if not getattr(value, "ndim", 0) or not len(value):
        return []
    half = len(value) // 2
    found = [_putting(put, rows[half:].copy), _putting(put, rows[: len(value) - 1].copy)]
    return ([_putting(put, rows[:half].copy)] if half else []) + found


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


def _putting(put, make):
    return lambda: put(make())


def _setting(container, place):
    return lambda new: container.__setitem__(place, new)


def _rebuilding(value, index, put):
    return lambda new: put((*value[:index], new, *value[index + 1 :]))


def _kept(value, left_out):
    def apply():
        items = list(value)
        value.clear()
        value.extend(items[: left_out[0]] + items[left_out[1] :])

    return apply


def _kept_keys(value, left_out):
    def apply():
        pairs = list(value.items())
        value.clear()
        dict.update(value, pairs[: left_out[0]] + pairs[left_out[1] :])

    return apply
