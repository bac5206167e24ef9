"""Records the arguments of named functions' calls while the suite runs.

A recorded function keeps its object, so everything that refers to it stays true, but gets other code for a while: code
of the same signature that shows the arguments to the recorder and then calls the original. All other code runs at full
speed, where a profile function slows a run down to a third. Arguments are pickled at once, before the
call can change them; the pickles are opened in a sandbox only.
"""

import hashlib
import importlib
import inspect
import pickle
import random
import sys
import threading
import time
import types
import warnings

MOST_CALLS = 64
MOST_CALL_BYTES = 256 * 1024
MOST_FUNCTION_BYTES = 8 * 1024 * 1024
MOST_PICKLING_S = 2.0
FIRST_OF_TEST = 2
"""Calls of each test that are always looked at: what is rare in the suite as a whole is where the edges are."""
EVERY_CALL_UNTIL = 128
"""Calls pickled one by one before they are thinned out."""
MOST_FAILURES = 300
"""Where not one of so many calls could be pickled, no further one is tried."""
MOST_DIGESTS = 20_000
MOST_REASONS = 20
MOST_DEPTH = 10
_PROTOCOL = 4
_HOOK, _ORIGINAL = "hasten: the hook", "hasten: the original"


class _TooLargeError(Exception):
    """More bytes than one call may have."""


class _Bounded:
    """A file for a pickler that refuses to grow past the most bytes of a call."""

    def __init__(self):
        self.data = bytearray()

    def write(self, part):
        if len(self.data) + len(part) > MOST_CALL_BYTES:
            raise _TooLargeError
        self.data += part


class Recorder:
    """Finds the named functions as their modules come in and keeps a fair sample of each one's calls."""

    def __init__(self, wanted, seed):
        self._tracks = [Track(one, random.Random("%s:%s" % (seed, number))) for number, one in enumerate(wanted)]
        self._modules = 0

    def look(self):
        """Take hold of those functions whose modules were imported since the last look."""
        if len(sys.modules) == self._modules:
            return
        self._modules = len(sys.modules)
        for track in self._tracks:
            if not track.found and track.module in sys.modules:
                track.take_hold()

    def begin_test(self):
        """Another test begins: its first calls are looked at."""
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

    def __init__(self, wanted, rng):
        self.module = wanted["module"]
        self.found = False
        self._qualname = wanted["qualname"]
        self._place = (wanted["path"], wanted["line"])
        self._rng = rng
        self._function = None
        self._code = None
        self._depth = 0
        self._kind = ""
        self._problem = "its module was never imported"
        self._seen = 0
        self._next = 1
        self._tried = 0
        self._pickled = 0
        self._spent_s = 0.0
        self._bytes = 0
        self._kept = {}
        """By digest: (number of the test it was made in, pickle)."""
        self._test = 0
        self._fresh = FIRST_OF_TEST
        self._digests = set()
        self._reasons = {}
        self._busy = threading.Lock()

    def take_hold(self):
        """Find the function and exchange its code."""
        try:
            function, self._depth, self._kind = _find(self.module, self._qualname, self._place)
            code = _hooked(function, self._call)
        except (_NotThereError, SyntaxError, ValueError) as error:
            self._problem = str(error)
            return
        self.found, self._problem = True, ""
        self._function, self._code = function, function.__code__
        function.__code__ = code

    def begin_test(self):
        """The calls from here on are of another test."""
        self._test += 1
        self._fresh = FIRST_OF_TEST

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
            "depth": self._depth,
            "call_kind": self._kind,
            "problem": self._problem or ("" if self._seen else "no test calls it once its module is imported"),
            "seen": self._seen,
            "tried": self._tried,
            "unpicklable": self._tried - self._pickled,
            "reasons": self._reasons,
            "pickling_s": self._spent_s,
            "calls": [self._kept[digest][1] for digest in sorted(self._kept)],
        }

    def _call(self, args, kwargs):
        self._seen += 1
        # The lock is also what keeps pickling from recording the calls that it makes itself.
        if (self._seen < self._next and not self._fresh) or not self._busy.acquire(False):
            return
        try:
            self._consider(args, kwargs)
        finally:
            self._busy.release()

    def _consider(self, args, kwargs):
        seen, first = self._seen, self._fresh > 0
        self._fresh = max(0, self._fresh - 1)
        if seen >= self._next:
            self._next = seen + 1
            # Gaps grow with the count, so that a call is chosen with the probability EVERY_CALL_UNTIL / seen.
            self._next += seen > EVERY_CALL_UNTIL and int(self._rng.expovariate(1.0) * seen / EVERY_CALL_UNTIL)
        if self._spent_s > MOST_PICKLING_S or (self._tried >= MOST_FAILURES and not self._pickled):
            self._next = sys.maxsize
            return
        started = time.perf_counter()
        blob = self._pickle(args, kwargs)
        self._spent_s += time.perf_counter() - started
        if blob is not None:
            self._keep(blob, min(seen, EVERY_CALL_UNTIL), first)

    def _pickle(self, args, kwargs):
        self._tried += 1
        bounded = _Bounded()
        try:
            pickle.Pickler(bounded, _PROTOCOL).dump((args, kwargs))
        except _TooLargeError:
            reason = "larger than %d KiB" % (MOST_CALL_BYTES // 1024)
        except Exception as error:
            reason = "%s: %s" % (type(error).__name__, str(error)[:160])
        else:
            self._pickled += 1
            return bytes(bounded.data)
        if reason in self._reasons or len(self._reasons) < MOST_REASONS:
            self._reasons[reason] = self._reasons.get(reason, 0) + 1
        return None

    def _keep(self, blob, among, first):
        """A reservoir of distinct calls; `among` is how many chosen calls this one competes with.

        A test's `first` calls come in as long as another test has more than these; that one gives up its place.
        """
        digest = hashlib.blake2b(blob, digest_size=16).hexdigest()
        if digest in self._digests:
            return
        if len(self._digests) < MOST_DIGESTS:
            self._digests.add(digest)
        full = len(self._kept) >= MOST_CALLS or self._bytes + len(blob) > MOST_FUNCTION_BYTES
        if full:
            victim = self._victim(among, first)
            if victim is None or self._bytes - len(self._kept[victim][1]) + len(blob) > MOST_FUNCTION_BYTES:
                return
            self._bytes -= len(self._kept.pop(victim)[1])
        self._kept[digest] = (self._test, blob)
        self._bytes += len(blob)

    def _victim(self, among, first):
        """Digest of the call to drop for another one; None where that one is to stay out."""
        by_test = {}
        for digest, (test, _) in sorted(self._kept.items()):
            by_test.setdefault(test, []).append(digest)
        largest = max(by_test.values(), key=len, default=[])
        if len(largest) > FIRST_OF_TEST and (first or self._rng.random() < MOST_CALLS / among):
            return self._rng.choice(largest)
        if largest and self._rng.random() < MOST_CALLS / among:
            return self._rng.choice(sorted(self._kept))
        return None


class _NotThereError(Exception):
    """The function cannot be recorded; the text says why."""


def _find(module, qualname, place):
    """The plain function at `module:qualname` whose code stands at `place` (path, first line).

    Also how many steps of `__wrapped__` lead to it, and what kind of attribute it is found through.
    """
    kind = "function"
    try:
        found = importlib.import_module(module)
        for part in qualname.split("."):
            owner = found
            found = inspect.getattr_static(found, part)
            kind = "method" if isinstance(owner, type) else "function"
            if isinstance(found, (staticmethod, classmethod)):
                kind = type(found).__name__
                found = found.__func__
            elif isinstance(found, property):
                kind = "property"
                found = found.fget
    except AttributeError as error:
        raise _NotThereError("it is not where its name says: %s" % error) from error
    for depth in range(MOST_DEPTH):
        if isinstance(found, types.FunctionType):
            code = found.__code__
            if (code.co_filename, code.co_firstlineno) == place:
                return found, depth, kind
        # Some objects make up any attribute they are asked for.
        found = inspect.getattr_static(found, "__wrapped__", None)
        if found is None:
            break
    raise _NotThereError("a decorator hides it: no chain of __wrapped__ leads to its code")


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
