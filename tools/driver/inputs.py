"""Where a workload's calls come from: a workload file's `make_input`, or calls recorded while tests ran.

A workload is a folder mounted at /hasten/workload: `workload.py` (the user's module), or `calls.json`
({module, qualname, steps, calls and made: [base64 of a pickled (args, kwargs)]}).
An item names one call: [size, seed, null] for a workload file; [index, seed or null, how] for recorded calls, where no
seed means the call as it was recorded. `how` is "mild", "wild", "edge", "huge" or "aliased" (see `mutation.py`),
"retyped TYPE,..." or "retyped NaN" (see `mutation_types.py`), "made" (on an object that its constructor made, see
`making.py`), or "streamed 0 2": wild, and the arguments at those places become iterators. "edge>wild:5" is an edge of
the item's seed, varied once more by the seed 5; "put:..." is a step of `matching.py`. A fourth part, [numbers], are
reductions to apply (see `shrink.py`). The same item gives equal inputs on either side.
"""

import base64
import importlib.util
import inspect
import json
import os
import random
import re
import sys

from .making import Maker, material_of
from .matching import put
from .mutation import Mutator, can_vary
from .mutation_types import ANY_NAME, NAN, Retyping, with_nan
from .pickling import opened
from .places import at
from .shrink import count, reduce

FOLDER = "/hasten/workload"
MODULE = "hasten_workload"
"""What a workload file is imported as."""
DEFAULT_SIZES = (100, 1000)
_STREAM = r"'?(typing\.|collections\.abc\.|t\.)?(Iterable|Iterator)\b"


class Unusable(Exception):
    """The workload cannot be opened here; the text says why."""


class FileCalls:
    """Calls of a workload file: `run(make_input(seed, size))`."""

    fixed = False

    def __init__(self, folder, name=MODULE):
        path = os.path.join(folder, "workload.py")
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        for wanted in ("make_input", "run"):
            if not callable(getattr(module, wanted, None)):
                raise Unusable("the workload file has no function `%s`" % wanted)
        self.function = module.run
        self._make_input = module.make_input
        self.equal = getattr(module, "equal", None)
        sizes = getattr(module, "sizes", DEFAULT_SIZES)
        self.sizes = [int(size) for size in (sizes if isinstance(sizes, (list, tuple)) else [sizes])]
        self.count = 0
        self.varied = []
        self.streams = []
        self.made = []

    def make(self, item, _pool=()):
        """(args, kwargs) of one call; what `make_input` raises goes through."""
        size, seed = item[:2]
        random.seed(seed)
        return _reduced([self._make_input(seed, size)], {}, item)


class RecordedCalls:
    """Calls of one function, recorded while tests ran."""

    fixed = False

    def __init__(self, folder, moved=("", "")):
        with open(os.path.join(folder, "calls.json"), encoding="utf-8") as file:
            described = json.load(file)
        paths = [path.replace(*moved) for path in described.get("paths", ())]
        sys.path.extend(path for path in paths if path not in sys.path)
        self.function = resolve(described["module"], described["qualname"], described["steps"])
        self._blobs = [base64.b64decode(call) for call in described["calls"]]
        self.equal = None
        self.sizes = []
        self.count = len(self._blobs)
        self.varied = [self._varies(blob) for blob in self._blobs]
        self.streams = _streams(self.function)
        self._defaults = _defaults(self.function)
        self._maker = Maker([base64.b64decode(call) for call in described.get("made", ())])
        self.made = [number for number, blob in enumerate(self._blobs) if self._makes(blob)]

    def make(self, item, pool=()):
        """(args, kwargs) of one call; what unpickling raises goes through. `pool` are values worth trying."""
        index, seed, how = item[:3]
        args, kwargs = opened(self._blobs[index])
        args = list(args)
        steps = [] if seed is None else how.split(">")
        for step in steps:
            how, _, own = step.partition(":")
            if how == "put":
                args, kwargs = put(args, kwargs, own)
            else:
                args, kwargs = self._varied(args, kwargs, how, int(own) if own else seed, pool)
        return _reduced(args, kwargs, item)

    def _varied(self, args, kwargs, how, seed, pool):
        rng = random.Random(seed)
        how, *places = how.split()
        if how == "retyped":
            types = frozenset(places[0].split(",") if places else ())
            if types == {NAN}:
                return with_nan(rng, list(args), dict(kwargs), self.streams)
            return Retyping(rng, types, self._defaults, pool).arguments(list(args), dict(kwargs))
        if how == "made":
            return self._with_made(rng, list(args), dict(kwargs), pool)
        args, kwargs = Mutator(rng, how, pool, lambda: self._peer(rng)).arguments(args, kwargs)
        for place in map(int, places):
            if place < len(args) and type(args[place]) in (list, tuple, set, frozenset):
                args[place] = iter(list(args[place]))
        return args, kwargs

    def _with_made(self, rng, args, kwargs, pool):
        """The call on an object that its own class made; now and then with other arguments, too."""

        def vary(args, kwargs):
            return Mutator(rng, "wild", pool, lambda: self._peer(rng)).arguments(args, kwargs)

        material = material_of([(args, kwargs), *(self._peer(rng) for _ in range(3))])
        made = self._maker.make(args[0], rng, vary, material)
        rest = args[1:]
        if rng.random() < 0.3:
            rest, kwargs = vary(rest, kwargs)
        return [args[0] if made is None else made, *rest], kwargs

    def _makes(self, blob):
        try:
            args, _ = opened(blob)
        except Exception:
            return False
        return bool(args) and self._maker.makes(args[0])

    def _peer(self, rng):
        try:
            return opened(rng.choice(self._blobs))
        except Exception:
            return (), {}

    @staticmethod
    def _varies(blob):
        try:
            args, kwargs = opened(blob)
        except Exception:
            return None
        return any(can_vary(value) for value in list(args) + list(kwargs.values()))


def reductions(calls, item, pool):
    """How many reductions there are of an item's input."""
    args, kwargs = calls.make(item, pool)
    return count(list(args), kwargs)


def _reduced(args, kwargs, item):
    for number in item[3] if len(item) > 3 else ():
        reduce(args, kwargs, number)
    return tuple(args), kwargs


def _streams(function):
    """Places of the parameters that promise to take any iterable, by their annotation or by the customary names."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []
    found = []
    for place, one in enumerate(parameters):
        if one.kind is one.VAR_POSITIONAL and one.name in ("iterables", "its"):
            found += [place, place + 1, place + 2]
        elif one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) and (
            one.name in ("iterable", "iterator", "it") or re.match(_STREAM, str(one.annotation))
        ):
            found.append(place)
    return found


def _defaults(function):
    """(name, what it is where it is left out) of each parameter that may be, by place and by name."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return {}
    having = [(place, one) for place, one in enumerate(parameters) if one.default is not one.empty]
    found = {key: (one.name, one.default) for place, one in having for key in (place, one.name)}
    if any(one.kind is one.VAR_KEYWORD for one in parameters):
        found[ANY_NAME] = None
    return found


def resolve(module_name, qualname, steps):
    """The function that the steps lead to; raises Unusable where it is gone."""
    try:
        found = at(module_name, steps)
    except (AttributeError, KeyError) as error:
        raise Unusable("%s:%s is not there: %s" % (module_name, qualname, error)) from error
    if not callable(found):
        raise Unusable("%s:%s cannot be called" % (module_name, qualname))
    return found


def open_calls(folder=FOLDER, module=MODULE, moved=("", "")):
    """The workload at `folder`, with the target's code imported; raises Unusable and whatever importing raises.

    A workload file is imported as `module`; `moved` are the project's usual folder and the one it has here.
    """
    if os.path.exists(os.path.join(folder, "workload.py")):
        return FileCalls(folder, module)
    return RecordedCalls(folder, moved)
