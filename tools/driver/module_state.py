"""Public data of the project's modules and classes that calls change: counters, registries, tables.

Names that begin with an underscore are a module's own affair. What is looked at after every call is a fingerprint that
costs next to nothing; only what changed is encoded.
"""

import collections
import marshal
import sys
import types

from .encoding import BEYOND, Encoder
from .type_slots import type_name

PROJECT = "/project/"
MOST_NAMES = 2000
MOST_ITEMS = 2000
"""Of a container: with more, only their number is looked at."""
MOST_NODES = 20_000

_SIMPLE = (int, float, complex, bool, str, bytes, type(None), tuple, frozenset)
_CHANGING = (list, dict, set, bytearray, collections.deque, collections.OrderedDict, collections.defaultdict,
             collections.Counter)  # fmt: skip
_GONE = object()


class ModuleState:
    """Watches the public plain data of the modules that stand under the project's folder."""

    def __init__(self, root=PROJECT):
        self._root = root
        self._modules = 0
        self._watched = {}
        self._sizes = {}
        self._find()

    def names(self):
        """`module:name` or `module:Class.name` of everything that is watched."""
        return sorted(place for place, _ in self._watched.values())

    def changed(self):
        """{name: encoded value} of what is not as it was at the last look."""
        found = {}
        if len(sys.modules) != self._modules or any(len(space) != size for space, size in self._sizes.values()):
            for key in self._find():
                place, (value, _, encoded) = self._watched[key]
                found[place] = encoded or _encoded(value)
        for key, (place, known) in list(self._watched.items()):
            value = self._sizes[key[0]][0].get(key[1], _GONE)
            if value is known[0] and known[1] is None:
                continue
            fingerprint = _fingerprint(value)
            if fingerprint == known[1] and fingerprint is not None:
                continue
            now, before = _encoded(value), known[2] or _encoded(known[0])
            self._watched[key] = (place, (value, fingerprint, now))
            if now != before:
                found[place] = now
        return found

    def _find(self):
        """Watch what is new; the keys of new names in modules that were there before."""
        self._modules = len(sys.modules)
        new = []
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            if type(module) is not types.ModuleType or not isinstance(path, str) or not path.startswith(self._root):
                continue
            new += self._add(module.__name__, vars(module))
            for name, value in list(vars(module).items()):
                if isinstance(value, type) and not name.startswith("_"):
                    space = type.__dict__["__dict__"].__get__(value)
                    if space.get("__module__") == module.__name__:
                        new += self._add("%s:%s" % (module.__name__, name), space)
        return new

    def _add(self, owner, space):
        before = owner in self._sizes
        self._sizes[owner] = (space, len(space))
        new = []
        for name, value in list(space.items()):
            if name.startswith("_") or (owner, name) in self._watched or len(self._watched) >= MOST_NAMES:
                continue
            if type(value) in _SIMPLE or type(value) in _CHANGING:
                place = "%s%s%s" % (owner, "." if ":" in owner else ":", name)
                encoded = _encoded(value) if type(value) in _CHANGING else None
                self._watched[owner, name] = (place, (value, _fingerprint(value), encoded))
                new.append((owner, name))
        return new if before else []


def _encoded(value):
    if value is _GONE:
        return ["gone"]
    try:
        return Encoder(MOST_NODES).encode(value)
    except BEYOND:
        return ["opaque", type_name(type(value))]


def _fingerprint(value):
    """What changes when the value does, nearly always."""
    kind = type(value)
    if kind not in _CHANGING:
        return None
    if len(value) > MOST_ITEMS:
        return len(value)
    plain = dict(value) if isinstance(value, dict) else list(value) if kind is collections.deque else value
    try:
        return marshal.dumps(plain, 2)
    except ValueError:
        items = [*plain, *plain.values()] if isinstance(plain, dict) else plain
        return list(map(id, items))
