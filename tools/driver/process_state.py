"""What honest code leaves alone in its process: settings, threads, and what the names of other people's modules mean.

All of it is bound before any code of the target runs, so that a name which the target replaces later is not one that
the looking itself goes through.
"""

import gc
import hashlib
import os
import sys
import types

PROJECT = "/project/"
MOST = 20
_FREE = frozenset(
    ("sys.stdout", "sys.stderr", "sys.stdin", "builtins._", "threading._trace_hook", "logging._logRecordFactory")
)
"""Names that a program may change at will, or that the driver itself does where it watches lines and log records."""
_TOLD = (
    *((gc, name) for name in ("disable", "freeze", "set_threshold")),
    *((sys, name) for name in ("setrecursionlimit", "setswitchinterval")),
    *((os, name) for name in ("nice", "setpriority", "sched_setaffinity", "sched_setscheduler") if hasattr(os, name)),
)
"""Functions that change the process for everyone in it, however they are spelt where they are called."""


def watch_process():
    """A function that tells what has changed since now.

    It answers with {changes: sentences, settings: {name: value}, modules: {name: digest of what its names mean}}; the
    settings and the modules that two sides both have must be the same.
    """
    called = []
    for module, name in _TOLD:
        setattr(module, name, _telling(getattr(module, name), "%s.%s" % (module.__name__, name), called))
    known = dict(_meanings(list(sys.modules.values()), deep=_is_driver))
    threads = len(os.listdir("/proc/self/task"))
    look, read, digest = _changes, _settings, _module_digests

    def state():
        calls = ["it calls %s" % name for name in dict.fromkeys(called)]
        return {"changes": calls + look(known, threads), "settings": read(), "modules": digest()}

    return state


def _telling(function, name, called):
    """The function, which also says that it was called: what is put back at the end of a call shows no other way."""

    def telling(*args, **kwargs):
        called.append(name)
        return function(*args, **kwargs)

    telling.__name__ = telling.__qualname__ = name.rpartition(".")[2]
    telling.__module__ = name.rpartition(".")[0]
    return telling


def _changes(known, threads):
    found = [] if gc.isenabled() else ["garbage collection is switched off"]
    more = len(os.listdir("/proc/self/task")) - threads
    if more > 0:
        found.append("%d thread(s) outlive the call" % more)
    now = dict(_meanings(list(sys.modules.values()), deep=_is_driver))
    for place, value in known.items():
        if place not in _FREE and now.get(place) is not value:
            found.append("%s is %s" % (place, "replaced" if place in now else "taken away"))
    for place, value in now.items():
        if place not in known and _is_of_project(value):
            found.append("%s is replaced by code of the project" % place)
    return found[:MOST]


def _meanings(modules, deep):
    """(place, value) of everything that can be called by a name of these modules, or of a class of a `deep` one."""
    for module in modules:
        if not isinstance(module, types.ModuleType) or _is_project(vars(module).get("__file__")):
            continue
        own = vars(module).get("__name__")
        for name, value in list(vars(module).items()):
            if not callable(value):
                continue
            yield "%s.%s" % (own, name), value
            if isinstance(value, type) and value.__module__ == own and deep(own):
                for member, part in list(vars(value).items()):
                    if isinstance(part, (types.FunctionType, staticmethod, classmethod, property)):
                        yield "%s.%s.%s" % (own, name, member), part


def _is_driver(name):
    return name.startswith("_hasten_driver")


def _is_of_project(value):
    if isinstance(value, (staticmethod, classmethod)):
        value = value.__func__
    if isinstance(value, types.FunctionType):
        return _is_project(value.__code__.co_filename)
    home = sys.modules.get(getattr(type(value), "__module__", None))
    return home is not None and _is_project(getattr(home, "__file__", None))


def _is_project(path):
    return isinstance(path, str) and path.startswith(PROJECT)


def _module_digests():
    """For each module that is not the project's: what its callable names stand for, by module and qualified name."""
    texts = {}
    for place, value in _meanings(list(sys.modules.values()), deep=_is_driver):
        if place in _FREE or isinstance(value, types.MethodType):
            continue  # hooks are bound methods: the line tracer's own stand in `threading`, on one side only
        module = place.rpartition(".")[0]
        meaning = "%s=%s.%s" % (
            place,
            getattr(value, "__module__", None),
            getattr(value, "__qualname__", type(value).__name__),
        )
        texts.setdefault(module, []).append(meaning)
    return {
        module: hashlib.blake2b("\n".join(sorted(lines)).encode("utf-8", "replace"), digest_size=8).hexdigest()
        for module, lines in texts.items()
    }


def _settings():
    """Values that two sides must have in common."""
    return {
        "recursion limit": sys.getrecursionlimit(),
        "switch interval": sys.getswitchinterval(),
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        "gc thresholds": list(gc.get_threshold()),
        "frozen objects": gc.get_freeze_count() > 0,
        "cores": sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [],
        "trace": repr(type(sys.getprofile())),
    }
