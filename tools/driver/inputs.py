"""Where a workload's calls come from: a workload file's `make_input`, or calls recorded while tests ran.

A workload is a folder mounted at /hasten/workload: `workload.py` (the user's module), or `calls.json`
({module, qualname, depth, kind, calls: [base64 of a pickled (args, kwargs)]}).
An item names one call: [size, seed, null] for a workload file; [index, seed or null, "mild" or "wild"] for recorded
calls, where no seed means the call as it was recorded. The same item gives equal inputs on either side.
"""

import base64
import importlib
import importlib.util
import json
import os
import pickle
import random
import sys

from .mutation import Mutator, can_vary

FOLDER = "/hasten/workload"
DEFAULT_SIZES = (100, 1000)


class Unusable(Exception):
    """The workload cannot be opened here; the text says why."""


class FileCalls:
    """Calls of a workload file: `run(make_input(seed, size))`."""

    def __init__(self, folder):
        path = os.path.join(folder, "workload.py")
        spec = importlib.util.spec_from_file_location("hasten_workload", path)
        module = importlib.util.module_from_spec(spec)
        sys.modules["hasten_workload"] = module
        spec.loader.exec_module(module)
        for name in ("make_input", "run"):
            if not callable(getattr(module, name, None)):
                raise Unusable("the workload file has no function `%s`" % name)
        self.function = module.run
        self._make_input = module.make_input
        self.equal = getattr(module, "equal", None)
        sizes = getattr(module, "sizes", DEFAULT_SIZES)
        self.sizes = [int(size) for size in (sizes if isinstance(sizes, (list, tuple)) else [sizes])]
        self.count = 0
        self.varied = []

    def make(self, item):
        """(args, kwargs) of one call; what `make_input` raises goes through."""
        size, seed, _ = item
        random.seed(seed)
        return (self._make_input(seed, size),), {}


class RecordedCalls:
    """Calls of one function, recorded while tests ran."""

    def __init__(self, folder):
        with open(os.path.join(folder, "calls.json"), encoding="utf-8") as file:
            described = json.load(file)
        sys.path.extend(path for path in described.get("paths", ()) if path not in sys.path)
        self.function = resolve(described["module"], described["qualname"], described["depth"])
        self._blobs = [base64.b64decode(call) for call in described["calls"]]
        self.equal = None
        self.sizes = []
        self.count = len(self._blobs)
        self.varied = [self._varies(blob) for blob in self._blobs]

    def make(self, item):
        """(args, kwargs) of one call; what unpickling raises goes through."""
        index, seed, manner = item
        args, kwargs = pickle.loads(self._blobs[index])
        if seed is None:
            return tuple(args), kwargs
        args, kwargs = Mutator(random.Random(seed), manner == "wild").arguments(list(args), kwargs)
        return tuple(args), kwargs

    @staticmethod
    def _varies(blob):
        try:
            args, kwargs = pickle.loads(blob)
        except Exception:
            return None
        return any(can_vary(value) for value in list(args) + list(kwargs.values()))


def resolve(module_name, qualname, depth):
    """The function at `module:qualname`, `depth` steps of `__wrapped__` in; raises Unusable where it is gone."""
    try:
        found = importlib.import_module(module_name)
        for part in qualname.split("."):
            found = _static(found, part)
            if isinstance(found, (staticmethod, classmethod)):
                found = found.__func__
            elif isinstance(found, property):
                found = found.fget
        for _ in range(depth):
            found = found.__wrapped__
    except AttributeError as error:
        raise Unusable("%s:%s is not there: %s" % (module_name, qualname, error)) from error
    if not callable(found):
        raise Unusable("%s:%s cannot be called" % (module_name, qualname))
    return found


def _static(owner, name):
    """An attribute as it stands, no descriptor called, bases of a class included; raises AttributeError."""
    for place in type.mro(owner) if isinstance(owner, type) else (owner,):
        if name in vars(place):
            return vars(place)[name]
    raise AttributeError(name)


def open_calls(folder=FOLDER):
    """The workload at `folder`, with the target's code imported; raises Unusable and whatever importing raises."""
    if os.path.exists(os.path.join(folder, "workload.py")):
        return FileCalls(folder)
    return RecordedCalls(folder)
