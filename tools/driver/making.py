"""Objects made anew by their own constructor and used for a while, in the place of recorded ones.

An object's fields have rules among them that only its class knows; what its constructor and public methods make of
other arguments is valid whatever these are. Objects come into states that way which no test left one in: full, emptied,
used twice, with another option.
"""

import inspect
import types

from .pickling import opened

MOST_STEPS = 6
_ADDING = ("__setitem__", "add", "append", "insert", "update", "push", "put", "extend")
_OPERATORS = ("__setitem__", "__delitem__", "__getitem__", "__contains__", "__len__", "__iter__", "__bool__")
_SMALL = (0, 1, 2, "a")


class Maker:
    """Makes objects of the classes whose constructors' calls were recorded."""

    def __init__(self, blobs):
        self._blobs = {}
        for blob in blobs:
            kind = _kind_of(blob)
            if kind is not None:
                self._blobs.setdefault(kind, []).append(blob)

    def makes(self, value):
        """Whether there is a constructor's call for an object like this."""
        return type(value) in self._blobs

    def make(self, like, rng, vary, material):
        """Another object of the same class, used for a few steps; None where the constructor refuses.

        `vary(args, kwargs)` gives other arguments; `material` are values that methods may be given.
        """
        kind = type(like)
        (_, *args), kwargs = opened(rng.choice(self._blobs[kind]))
        args, kwargs = vary(list(args), kwargs)
        args = [_turned(value, rng) for value in args]
        kwargs = {name: _turned(value, rng) for name, value in kwargs.items()}
        for name in _options(kind, len(args), kwargs):
            if rng.random() < 0.3:
                kwargs[name] = not inspect.signature(kind).parameters[name].default
        try:
            made = kind(*args, **kwargs)
        except Exception:
            return None
        methods = _methods(kind)
        for _ in range(rng.randint(0, MOST_STEPS)):
            _step(made, methods, rng, material)
        return made


def _kind_of(blob):
    try:
        args, _ = opened(blob)
        return type(args[0])
    except Exception:
        return None


def _options(kind, given, kwargs):
    """Names of options, on or off, that a constructor's recorded call left as they are."""
    try:
        parameters = list(inspect.signature(kind).parameters.values())
    except (TypeError, ValueError):
        return []
    left = [one for one in parameters[given:] if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    return [one.name for one in left if type(one.default) is bool and one.name not in kwargs]


def _turned(value, rng):
    """Options are worth trying either way."""
    return not value if type(value) is bool and rng.random() < 0.5 else value


def _step(made, methods, rng, material):
    adding = [one for one in methods if one[0] in _ADDING]
    name, least, most = rng.choice(adding if adding and rng.random() < 0.6 else methods or [("__len__", 0, 0)])
    args = [rng.choice(material) for _ in range(rng.randint(least, most))]
    try:
        getattr(made, name)(*args)
    except Exception:
        return


def _methods(kind):
    """(name, fewest, most arguments) of the methods that others may call."""
    found = []
    for name in sorted(dir(kind)):
        method = inspect.getattr_static(kind, name, None)
        if (name.startswith("_") and name not in _OPERATORS) or not isinstance(method, types.FunctionType):
            continue
        code = method.__code__
        least = code.co_argcount - 1 - len(method.__defaults__ or ())
        required = code.co_kwonlyargcount - len(method.__kwdefaults__ or ())
        if 0 <= least <= 3 and required <= 0:
            # Further arguments of an operator are an implementation's own (`def f(self, key, get=dict.get)`).
            most = least if name in _OPERATORS else min(3, code.co_argcount - 1 + bool(code.co_flags & 4))
            found.append((name, least, max(least, most)))
    return found


def material_of(calls):
    """What may be given to methods: arguments of calls, and what is in them."""
    found = list(_SMALL)
    for args, kwargs in calls:
        for value in [*args[1:], *kwargs.values()]:
            found.append(value)
            if type(value) in (list, tuple, set, frozenset, dict):
                found += list(value)[:8]
    return found
