"""Names of other people's modules that have come to stand for code of the project: the mark of a monkey-patch."""

import sys
import types

PROJECT = "/project/"
MOST = 20


def replaced_by_project():
    """Sentences, one for each module-level name or method outside of the project that is code of the project."""
    found = []
    for name, module in sorted(sys.modules.copy().items(), key=lambda pair: pair[0]):
        if not isinstance(module, types.ModuleType) or _is_project(vars(module).get("__file__")):
            continue
        for attribute, value in list(vars(module).items()):
            found += _sentences("%s.%s" % (name, attribute), value, name)
            if len(found) >= MOST:
                return found
    return found


def _sentences(place, value, module):
    code = _code(value)
    if code is not None:
        return ["%s is replaced by code of the project" % place] if _is_project(code.co_filename) else []
    if isinstance(value, type) and vars(value).get("__module__") == module:
        members = [(name, _code(member)) for name, member in list(vars(value).items())]
        return ["%s.%s is replaced by code of the project" % (place, name)
                for name, code in members if code is not None and _is_project(code.co_filename)]  # fmt: skip
    kind = sys.modules.get(getattr(type(value), "__module__", None))
    if callable(value) and kind is not None and _is_project(getattr(kind, "__file__", None)):
        return ["%s is replaced by an object of the project" % place]
    return []


def _code(value):
    if isinstance(value, (staticmethod, classmethod)):
        value = value.__func__
    return value.__code__ if isinstance(value, types.FunctionType) else None


def _is_project(path):
    return isinstance(path, str) and path.startswith(PROJECT)
