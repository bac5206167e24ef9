"""Arguments set to what they were compared with: where a call compares two values, one that makes them equal is tried.

A value that is compared is often an argument, its length, a field of it, that times or plus something, or its decimal
logarithm. A step is [path into (arguments, keyword arguments), new value]; a path may end in a field ("~microseconds")
or in "~length".
"""

import contextlib
import datetime
import json

MOST_LEAVES = 40
MOST_STEPS = 24
LONGEST = 3000
_FIELDS = {
    datetime.timedelta: ("days", "seconds", "microseconds"),
    datetime.date: ("year", "month", "day"),
    datetime.datetime: ("year", "month", "day", "hour", "minute", "second", "microsecond"),
}
_NUMBERS = (int, float)


def steps_towards(args, kwargs, pairs):
    """Yields (place of the comparison, step as text) for pairs (place, how, one, other) that were not equal."""
    leaves = list(_leaves(args, kwargs))
    for place, how, one, other in pairs:
        found = []
        for path, value in leaves:
            if how in ("In", "NotIn"):
                found += [(path, new) for new in _inside(value, one, other)]
            else:
                found += [(path, new) for a, b in ((one, other), (other, one)) for new in _towards(value, a, b)]
        for path, new in list({repr(step): step for step in found}.values())[:MOST_STEPS]:
            yield place, json.dumps([path, new]).encode().hex()


def put(args, kwargs, step):
    """Apply a step to (a list of arguments, keyword arguments); rubbish leaves them alone."""
    path, new = json.loads(bytes.fromhex(step).decode())
    holder = args if isinstance(path[0], int) else kwargs
    with contextlib.suppress(LookupError, TypeError, ValueError, OverflowError, AttributeError):
        holder[path[0]] = _replaced(holder[path[0]], path[1:], new)
    return args, kwargs


def _replaced(value, path, new):
    if not path:
        return new
    at = path[0]
    if at == "~length":
        length = min(max(int(new), 0), LONGEST)
        return (value * (length // len(value) + 1))[:length] if value else value
    if isinstance(at, str) and at.startswith("~"):
        if type(value) is datetime.timedelta:
            parts = {name: getattr(value, name) for name in _FIELDS[datetime.timedelta]}
            return datetime.timedelta(**{**parts, at[1:]: new})
        return value.replace(**{at[1:]: new})
    if type(value) is tuple:
        items = list(value)
        items[at] = _replaced(items[at], path[1:], new)
        return tuple(items)
    copy = value.copy()
    copy[at] = _replaced(copy[at], path[1:], new)
    return copy


def _leaves(args, kwargs):
    waiting = [([key], value) for key, value in [*enumerate(args), *kwargs.items()]]
    seen = 0
    while waiting and seen < MOST_LEAVES:
        path, value = waiting.pop(0)
        seen += 1
        kind = type(value)
        if kind in (int, float, str):
            yield path, value
        if kind in (str, list, tuple, bytes) and len(value):
            yield [*path, "~length"], len(value)
        if kind in (list, tuple) and len(path) < 4:
            waiting += [([*path, at], item) for at, item in enumerate(value[:8])]
        elif kind is dict and len(path) < 4:
            waiting += [([*path, at], item) for at, item in list(value.items())[:8] if type(at) in (str, int)]
        for name in _FIELDS.get(kind, ()):
            yield [*path, "~" + name], getattr(value, name)


def _towards(value, one, other):
    """What to put for a value, so that `one` may become `other`."""
    if type(value) is str:
        if type(one) is not str or type(other) is not str:
            return []
        return [other] if value == one else [value.replace(one, other)] if one and one in value else []
    if type(value) not in _NUMBERS or type(one) not in _NUMBERS or type(other) not in _NUMBERS:
        return []
    try:
        found = [other] if value == one else [value + (other - one)]
        if one and value and value != one:
            scaled = value * other / one
            found += [scaled] if scaled != int(scaled) else [int(scaled), scaled]
        if type(value) is float and _is_exponent(one) and _is_exponent(other):
            found.append(value * 10.0 ** (other - one))
    except (OverflowError, ValueError):
        return []
    found = [new for new in found if abs(new) < (1e300 if type(value) is float else 1e18)]
    # The argument stays of its type: a float for an int is another question (see `mutation_types.py`).
    return found if type(value) is float else [int(new) for new in found if new == int(new)]


def _is_exponent(value):
    return type(value) is int and -320 < value < 308


def _inside(value, one, other):
    """What to put for a value, so that `one` may stand in `other`."""
    if type(one) is str and type(other) is str:
        return [value + one, one + value] if type(value) is str and value and value in other else []
    if type(value) is type(one) and value == one and type(other) in (list, tuple, set, frozenset, dict):
        items = sorted(other, key=repr)[:8]
        return [item for item in items if type(item) in (int, float, str)]
    return []
