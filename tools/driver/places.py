"""Where a function stands in its module: the names that lead to it, whatever decorator or descriptor is around it.

A step is a name in a module's or a class's own namespace, then an attribute of what was found (`__wrapped__`, `fget`,
`func`), or `cell NAME` for what a closure holds. Nothing is called on the way, so the same steps find the function on
either side, on lines that have moved.
"""

import functools
import importlib
import inspect
import types

MOST_STEPS = 10
MOST_LOOKED_AT = 2000
_WRAPPERS = (staticmethod, classmethod, property, functools.partial)


class NotThereError(Exception):
    """The function cannot be found; the text says why."""


def find(module, qualname, place):
    """(the plain function whose code stands at `place` (path, first line), the steps to it, what kind it is).

    First by its name. One that goes by another (`mean = Property(_mean)`) is looked for in what is around it.
    """
    owner = importlib.import_module(module)
    names = qualname.split(".")
    steps, kind = [], "function"
    for number, name in enumerate(names):
        known = _mangled(owner, name)
        try:
            found = static(owner, known)
        except AttributeError as error:
            if number == len(names) - 1:
                for other, value in list(_namespace(owner).items()):
                    found, inner = _inside(value, place)
                    if found is not None:
                        return found, [*steps, other, *inner], _kind(owner, value)
            raise NotThereError("it is not where its name says: %s" % error) from error
        steps.append(known)
        kind = _kind(owner, found)
        owner = found
    found, inner = _inside(owner, place)
    if found is None:
        raise NotThereError("a decorator hides it: nothing that stands there leads to its code")
    return found, [*steps, *inner], kind


def at(module, steps):
    """What stands at the end of the steps; raises AttributeError."""
    found = importlib.import_module(module)
    for step in steps:
        found = static(found, step)
    return found


def static(owner, name):
    """One step, no descriptor called and nothing made up; raises AttributeError."""
    if name.startswith("cell "):
        return dict(_cells(owner))[name]
    if isinstance(owner, (type, types.ModuleType)):
        for space in type.mro(owner) if isinstance(owner, type) else (owner,):
            if name in vars(space):
                return vars(space)[name]
        raise AttributeError(name)
    found = inspect.getattr_static(owner, name)
    return found.__get__(owner) if isinstance(found, types.MemberDescriptorType) else found


def _namespace(owner):
    return vars(owner) if isinstance(owner, (type, types.ModuleType)) else {}


def _mangled(owner, name):
    """A class's `__private` names are kept under the class's own name."""
    if isinstance(owner, type) and name.startswith("__") and not name.endswith("__"):
        return "_%s%s" % (owner.__name__.lstrip("_"), name)
    return name


def _kind(owner, found):
    if isinstance(found, (staticmethod, classmethod)):
        return type(found).__name__
    if isinstance(owner, type):
        return "property" if isinstance(found, property) else "method"
    return "function"


def _inside(value, place):
    """(the function at `place`, the steps to it from `value`), breadth first; (None, []) where there is none."""
    level = [(value, [])]
    seen = set()
    for _ in range(MOST_STEPS):
        deeper = []
        for one, steps in level:
            if isinstance(one, types.FunctionType):
                code = one.__code__
                if (code.co_filename, code.co_firstlineno) == place and "<lambda>" not in code.co_name:
                    return one, steps
            if id(one) in seen or len(seen) > MOST_LOOKED_AT:
                continue
            seen.add(id(one))
            deeper += [(inner, [*steps, step]) for step, inner in _parts(one)]
        level = deeper
    return None, []


def _parts(value):
    """What an object that may stand around a function holds, by step."""
    if isinstance(value, types.FunctionType):
        wrapped = vars(value).get("__wrapped__")
        return ([("__wrapped__", wrapped)] if wrapped is not None else []) + _cells(value)
    if isinstance(value, (staticmethod, classmethod)):
        return [("__func__", value.__func__)]
    if isinstance(value, (type, types.ModuleType)):
        return []
    names = [name for name in ("fget", "fset", "fdel", "func") if isinstance(value, _WRAPPERS)]
    # Some objects make up any attribute they are asked for.
    own = inspect.getattr_static(value, "__dict__", None)
    names += list(own) if type(own) is dict else []
    if isinstance(own, types.GetSetDescriptorType):
        try:
            names += [name for name in own.__get__(value) if type(name) is str]
        except (AttributeError, TypeError):
            return []
    found = []
    for name in dict.fromkeys(names):
        try:
            inner = static(value, name)
        except AttributeError:
            continue
        if callable(inner) or isinstance(inner, _WRAPPERS):
            found.append((name, inner))
    return found


def _cells(function):
    if not isinstance(function, types.FunctionType):
        return []
    found = []
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            found.append(("cell " + name, cell.cell_contents))
        except ValueError:
            continue
    return found
