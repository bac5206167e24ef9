"""Records the arguments of named functions' calls while the suite runs.

A recorded function keeps its object, so everything that refers to it stays true, but gets other code for a while: code
of the same signature that shows the arguments to the recorder and then calls the original. All other code runs at full
speed, where a profile function slows a run down to a third. Arguments are pickled at once, before the
call can change them; the pickles are opened in a sandbox only.
"""

import collections
import hashlib
import inspect
import random
import sys
import threading
import time
import types
import warnings

from .pickling import Singletons, TooLargeError, packed
from .places import NotThereError, find
from .purse import Purse

MOST_CALLS = 64
MOST_CALL_BYTES = 256 * 1024
MOST_FUNCTION_BYTES = 8 * 1024 * 1024
MOST_PICKLING_S = 2.0
FIRST_OF_TEST = 2
"""Calls of each test that are looked at even where the time for pickling is used up."""
EVERY_CALL_UNTIL = 128
"""Calls of one test pickled one by one before they are thinned out."""
FEW_CALLS = 8
"""A function with fewer may take time in advance."""
MOST_FAILURES = 300
"""Where not one of so many calls could be pickled, no further one is tried."""
MOST_DIGESTS = 20_000
MOST_REASONS = 20
_HOOK, _ORIGINAL = "hasten: the hook", "hasten: the original"


class Recorder:
    """Finds the named functions as their modules come in and keeps a fair sample of each one's calls."""

    def __init__(self, wanted, seed, root, budget_s=None):
        """All pickling together takes about `budget_s`, where that is given."""
        self._singletons = Singletons(root)
        self._purse = Purse(budget_s)
        self._tracks = [
            Track(one, random.Random("%s:%s" % (seed, number)), self._singletons, self._purse)
            for number, one in enumerate(wanted)
        ]
        self._modules = 0

    def share(self, tests):
        """So many tests will run."""
        self._purse.share(tests)

    def look(self):
        """Take hold of those functions whose modules were imported since the last look."""
        if len(sys.modules) == self._modules:
            return
        self._modules = len(sys.modules)
        self._singletons.look()
        for track in self._tracks:
            if not track.found and track.module in sys.modules:
                track.take_hold()

    def begin_test(self):
        """Another test begins: its first calls are looked at."""
        self._purse.begin_test()
        for track in self._tracks:
            track.begin_test()

    def stop(self):
        """Give every function its own code back."""
        for track in self._tracks:
            track.let_go()

    def recorded(self):
        """What is known of each wanted function, in order; `calls` holds pickles."""
        return [track.described() for track in self._tracks]


class Track:
    """One function: how it was found, how often it was called, the calls that are kept."""

    def __init__(self, wanted, rng, singletons, purse):
        self._singletons = singletons
        self._purse = purse
        self.module = wanted["module"]
        self.found = False
        self._qualname = wanted["qualname"]
        self._place = (wanted["path"], wanted["line"])
        self._rng = rng
        self._function = None
        self._code = None
        self._steps = []
        self._kind = ""
        self._problem = "its module was never imported"
        self._seen = 0
        self._next = 1
        self._tried = 0
        self._pickled = 0
        self._spent_s = 0.0
        self._bytes = 0
        self._kept = {}
        """By digest: (number of the test it was made in, shape, pickle)."""
        self._test = 0
        self._in_test = 0
        self._allowed_s = MOST_PICKLING_S / 2
        self._digests = set()
        self._reasons = {}
        self._busy = threading.Lock()

    def take_hold(self):
        """Find the function and exchange its code."""
        try:
            function, self._steps, self._kind = find(self.module, self._qualname, self._place)
            code = _hooked(function, self._call)
        except (NotThereError, SyntaxError, ValueError) as error:
            self._problem = str(error)
            return
        self.found, self._problem = True, ""
        self._function, self._code = function, function.__code__
        function.__code__ = code

    def begin_test(self):
        """The calls from here on are of another test."""
        self._test += 1
        self._in_test = 0
        self._next = 1
        self._allowed_s = (MOST_PICKLING_S - self._spent_s) / 2

    def let_go(self):
        """Give the function its own code back."""
        if self._function is not None:
            self._function.__code__ = self._code
            self._function = None

    def described(self):
        """Everything known, as plain values, and the kept calls."""
        return {
            "module": self.module,
            "qualname": self._qualname,
            "steps": self._steps,
            "call_kind": self._kind,
            "problem": self._problem or ("" if self._seen else "no test calls it once its module is imported"),
            "seen": self._seen,
            "tried": self._tried,
            "unpicklable": self._tried - self._pickled,
            "reasons": self._reasons,
            "pickling_s": self._spent_s,
            "calls": [self._kept[digest][2] for digest in sorted(self._kept)],
        }

    def _call(self, args, kwargs):
        self._seen += 1
        self._in_test += 1
        # The lock is also what keeps pickling from recording the calls that it makes itself.
        if self._in_test < self._next or not self._busy.acquire(False):
            return
        try:
            self._consider(args, kwargs)
        finally:
            self._busy.release()

    def _consider(self, args, kwargs):
        seen = self._in_test
        # Gaps grow with the count, so that a call is chosen with the probability EVERY_CALL_UNTIL / seen.
        self._next = seen + 1
        self._next += seen > EVERY_CALL_UNTIL and int(self._rng.expovariate(1.0) * seen / EVERY_CALL_UNTIL)
        hopeless = self._tried >= MOST_FAILURES and not self._pickled
        if hopeless or (self._allowed_s < 0 and seen > FIRST_OF_TEST) or self._spent_s > MOST_PICKLING_S * 2:
            self._next = sys.maxsize
            return
        if not self._purse.allows(len(self._kept) < FEW_CALLS):
            self._next = sys.maxsize
            return
        started = time.perf_counter()
        blob = self._pickle(args, kwargs)
        spent_s = time.perf_counter() - started
        self._spent_s += spent_s
        self._allowed_s -= spent_s
        self._purse.pay(spent_s)
        if blob is not None:
            self._keep(blob, shape_of(args, kwargs), min(seen, EVERY_CALL_UNTIL))

    def _pickle(self, args, kwargs):
        self._tried += 1
        try:
            blob = packed((args, kwargs), self._singletons, MOST_CALL_BYTES)
        except TooLargeError:
            reason = "larger than %d KiB" % (MOST_CALL_BYTES // 1024)
        except Exception as error:
            reason = "%s: %s" % (type(error).__name__, str(error)[:160])
        else:
            self._pickled += 1
            return blob
        if reason in self._reasons or len(self._reasons) < MOST_REASONS:
            self._reasons[reason] = self._reasons.get(reason, 0) + 1
        return None

    def _keep(self, blob, shape, among):
        """Distinct calls, the places shared out fairly; `among` is how many chosen calls of its test compete."""
        digest = hashlib.blake2b(blob, digest_size=16).hexdigest()
        if digest in self._digests:
            return
        if len(self._digests) < MOST_DIGESTS:
            self._digests.add(digest)
        full = len(self._kept) >= MOST_CALLS or self._bytes + len(blob) > MOST_FUNCTION_BYTES
        if full:
            victim = self._victim(shape, among)
            if victim is None or self._bytes - len(self._kept[victim][2]) + len(blob) > MOST_FUNCTION_BYTES:
                return
            self._bytes -= len(self._kept.pop(victim)[2])
        self._kept[digest] = (self._test, shape, blob)
        self._bytes += len(blob)

    def _victim(self, shape, among):
        """Digest of the call to drop for another one; None where that one is to stay out.

        A test that has fewer places than another takes one of it. Within a test the same goes for shapes; else a
        reservoir, or thousands of like calls would drown the few where the edges are.
        """
        by_test = {}
        for digest, (test, its_shape, _) in sorted(self._kept.items()):
            by_test.setdefault(test, {}).setdefault(its_shape, []).append(digest)
        sizes = {test: sum(map(len, shapes.values())) for test, shapes in by_test.items()}
        most = max(sizes.values())
        own = sizes.get(self._test, 0)
        if own < most and (most > 1 or self._rng.random() < MOST_CALLS / max(self._test, MOST_CALLS)):
            largest = self._rng.choice([test for test, size in sizes.items() if size == most])
            return self._rng.choice(max(by_test[largest].values(), key=len))
        if own < most:
            return None
        crowd = max(by_test[self._test].values(), key=len)
        if len(by_test[self._test].get(shape, ())) + 1 < len(crowd):
            return self._rng.choice(crowd)
        alike = by_test[self._test].get(shape)
        return self._rng.choice(alike) if alike and self._rng.random() < own / among else None


def shape_of(args, kwargs):
    """What calls of the same kind have in common: types, and of values whether they are none, one or many."""
    return (tuple(map(_shape, args)), tuple((name, _shape(kwargs[name])) for name in sorted(kwargs)))


def _shape(value):
    kind = type(value)
    if kind is int or kind is float:
        return kind.__name__, (value > 0) - (value < 0), abs(value) == 1
    if kind in (str, bytes, list, tuple, dict, set, frozenset):
        return kind.__name__, min(len(value), 2)
    own = getattr(value, "__dict__", None)
    if type(own) is not dict:
        return kind.__name__, value if kind is bool else None
    inside = [min(len(one), 2) for one in own.values() if type(one) in (list, dict, set, collections.OrderedDict)]
    return kind.__name__, tuple(inside)


def _hooked(function, hook):
    """Code of the same signature that calls `hook(args, kwargs)` and then the original."""
    code = function.__code__
    original = types.FunctionType(code, function.__globals__, function.__name__, None, function.__closure__)
    namespace = {}
    with warnings.catch_warnings():
        # Two constants stand where the hook and the original are put; as texts they look uncallable.
        warnings.simplefilter("ignore")
        exec(compile(_source(code), "<hasten>", "exec"), namespace)
    template = namespace["make"]().__code__
    places = {_HOOK: hook, _ORIGINAL: original}
    constants = tuple(places.get(value, value) if isinstance(value, str) else value for value in template.co_consts)
    fields = {"co_consts": constants, "co_name": code.co_name, "co_filename": code.co_filename}
    if hasattr(code, "co_qualname"):
        fields["co_qualname"] = code.co_qualname
    return template.replace(co_firstlineno=code.co_firstlineno, **fields)


def _source(code):
    names = list(code.co_varnames)
    plain = names[: code.co_argcount]
    named = names[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    rest = names[len(plain) + len(named) :]
    star = rest.pop(0) if code.co_flags & inspect.CO_VARARGS else None
    stars = rest.pop(0) if code.co_flags & inspect.CO_VARKEYWORDS else None
    parameters = list(plain)
    if code.co_posonlyargcount:
        parameters.insert(code.co_posonlyargcount, "/")
    if star or named:
        parameters.append("*" + (star or ""))
    parameters += named + (["**" + stars] if stars else [])
    args = "(%s)" % "".join(name + ", " for name in plain) + (" + " + star if star else "")
    kwargs = "{%s}" % ", ".join(["%r: %s" % (name, name) for name in named] + (["**" + stars] if stars else []))
    passed = plain + (["*" + star] if star else [])
    passed += ["%s=%s" % (name, name) for name in named] + (["**" + stars] if stars else [])
    free = list(code.co_freevars)
    return "\n".join([
        "def make():",
        *["    %s = None" % name for name in free],
        "    def hooked(%s):" % ", ".join(parameters),
        "        %r(%s, %s)" % (_HOOK, args, kwargs),
        "        return %r(%s)" % (_ORIGINAL, ", ".join(passed)),
        # Never reached: it makes the code ask for as many cells as the function has.
        *["        %s" % name for name in free],
        "    return hooked",
    ])  # fmt: skip
