"""A value changed in place, as a caller that owns it may: to see who else holds on to it."""

import collections


def spoil(value):
    """Change a mutable value in place; whether there was anything to change.

    What goes in was in it before, so that the value stays one that its function may be given.
    """
    kind = type(value)
    if kind in (list, bytearray, collections.deque) and value:
        value.append(value[0])
    elif kind in (dict, collections.OrderedDict, collections.defaultdict, collections.Counter) and value:
        del value[next(iter(value))]
    elif kind is set and value:
        value.pop()
    elif kind is tuple:
        return sum([spoil(part) for part in value]) > 0
    else:
        return _spoil_library(value, kind)
    return True


def _spoil_library(value, kind):
    if kind.__module__ == "numpy" and kind.__name__ == "ndarray":
        if value.size < 2 or value.ndim < 1 or not value.flags.writeable:
            return False
        value[0] = value[-1]
        return True
    if kind.__module__.split(".")[0] == "pandas" and kind.__name__ in ("DataFrame", "Series") and len(value) > 1:
        value.iloc[0] = value.iloc[-1]
        return True
    return False
