"""Looks for inputs that take changed functions somewhere new: of more than could be compared those that show it.

An input counts as new where an expression has a value of another sort, or two values that are compared stand to each
other as they never did. What is new is varied further.
"""

import collections
import random
import signal
import time
from types import CoroutineType, GeneratorType

from .encoding import BEYOND
from .instrumented import Seen, instrument
from .matching import steps_towards
from .mutation_types import NAN
from .observing import awaited
from .type_slots import is_lazy
from .value_kinds import kinds_of

CALL_LIMIT_S = 0.2
_WITH_NAN = "retyped " + NAN
MOST_DRAWN = 200
MOST_VARIED = 2
"""Times that what is new is varied further."""
MOST_AIMED = 60
"""Tries to make two compared values equal, for each comparison."""
_HOW = ("edge",) * 11 + ("wild",) * 6 + ("retyped %s",) * 3 + (_WITH_NAN,)


class _OutOfTime(BaseException):
    """A call took longer than exploring is worth."""


class Explorer:
    """Tries inputs of recorded calls and keeps those that show something new."""

    def __init__(self, calls, functions, seed, types):
        self._calls = calls
        self._how = [how.replace("%s", types) for how in _HOW]
        self._seen = Seen()
        self._rng = random.Random(seed)
        self._known = set()
        self._kept = []
        self._waiting = collections.deque()
        self._tried = collections.Counter()
        """Steps towards equal values, by the place of the comparison."""
        self._met = set()
        """Places where values that are compared were equal in some call."""
        self._usable = [index for index, varied in enumerate(calls.varied) if varied]
        self._unseen = self._usable[::-1]
        self.telling = instrument(self._seen, functions)
        signal.signal(signal.SIGALRM, _out_of_time)

    def explore(self, seconds, most, pool):
        """Items that show something new, of at most so many tries in at most so many seconds, in the order found."""
        deadline = time.monotonic() + seconds
        found = []
        while self._unseen:
            self._learns([self._unseen.pop(), None, None], pool)
        while self._usable and most > 0 and time.monotonic() < deadline:
            most -= 1
            item = self._waiting.popleft() if self._waiting and self._rng.random() < 0.6 else self._another()
            if self._learns(item, pool):
                self._kept.append(item)
                found.append(item)
        return found

    def _another(self):
        rng = self._rng
        seed, how = rng.randrange(1 << 48), rng.choice(self._how)
        if not self._kept or rng.random() < 0.55:
            return [rng.choice(self._usable), seed, how]
        index, first, steps = rng.choice(self._kept)
        # A NaN among integers stays one: varied further it would be a float that no caller gives.
        if steps.count(">") > MOST_VARIED or steps.count("retyped") > 1 or _WITH_NAN in steps:
            return [index, seed, how]
        return [index, first, "%s>%s:%d" % (steps, how, seed)]

    def _learns(self, item, pool):
        """Whether the call shows what none before has shown."""
        self._seen.begin()
        try:
            signal.setitimer(signal.ITIMER_REAL, CALL_LIMIT_S)
            facts = self._facts(item, pool)
        except (_OutOfTime, *BEYOND):
            return False
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        new = facts - self._known
        self._known |= new
        self._met |= self._seen.equal
        if new or item[1] is None:
            self._aim(item, pool)
        return bool(new)

    def _aim(self, item, pool):
        """Inputs that may make equal what was compared in this call, and never was equal."""
        pairs = [pair for pair in self._seen.pairs if pair[0] not in self._met and self._tried[pair[0]] < MOST_AIMED]
        if not pairs or (item[2] and item[2].count(">") > MOST_VARIED):
            return
        args, kwargs = self._calls.make(item, pool)
        for place, step in steps_towards(args, kwargs, pairs):
            if self._tried[place] < MOST_AIMED:
                self._tried[place] += 1
                how = "%s>put:%s" % (item[2], step) if item[2] else "put:%s" % step
                self._waiting.append([item[0], item[1] or 0, how])

    def _facts(self, item, pool):
        try:
            args, kwargs = self._calls.make(item, pool)
        except Exception:
            return set()
        facts = {(place, fact) for place, value in [*enumerate(args), *kwargs.items()] for fact in kinds_of(value)}
        coarse = [(place, kinds_of(value)[0]) for place, value in [*enumerate(args), *kwargs.items()]][:6]
        facts.update((one, other) for i, one in enumerate(coarse) for other in coarse[:i])
        random.seed(0)
        try:
            facts.update(("result", fact) for fact in kinds_of(_whole(self._calls.function(*args, **kwargs))))
        except _OutOfTime:
            raise
        except BaseException as error:
            facts.add((type(error), _line(error)))
            if item[2] and "retyped" in item[2] and type(error) in (TypeError, AttributeError):
                return set()  # no caller gives it what it cannot take
        return facts | self._seen.facts


def _whole(result):
    """What the call comes to once its caller has all of it."""
    if type(result) is CoroutineType:
        return awaited(result)
    if type(result) is GeneratorType or is_lazy(result):
        return [item for item, _ in zip(result, range(MOST_DRAWN))]
    return result


def _line(error):
    trace, line = error.__traceback__, 0
    while trace is not None:
        line, trace = trace.tb_lineno, trace.tb_next
    return line


def _out_of_time(_signal, _frame):
    raise _OutOfTime
