"""Everything that can be seen of one call: what it returned or raised, its arguments afterwards, its effects.

Manners, of which each is one call of a caller's life with the function:

    once      the call
    spoiled   its result changed in place by the caller, then the same call with fresh inputs
    changed   its arguments changed in place by the caller, then called again with the same objects
    unasked   of a lazy result, not one item is drawn; then arguments and effects are looked at
    first     of a lazy result, the first item is drawn and the rest given up
    late      the arguments are changed in place between the call and the drawing of its lazy result
"""

import hashlib
import json
import random
import signal
import sys
import time
from types import CoroutineType, GeneratorType

from .call_effects import Effects
from .encoding import BEYOND, Encoder
from .module_state import ModuleState
from .spoiling import spoil
from .type_slots import is_lazy

MOST_SHOWN_CHARACTERS = 4096
MOST_DRAWN = 5_000
"""Of something lazy, which may have no end."""
MOST_DRAWN_FRESH = 2_000
_DRAWN = {"unasked": 0, "first": 1}


class _OutOfTime(BaseException):
    """A call took longer than the supervisor allows."""


class Observer:
    """Makes single calls of a workload and shows what they did."""

    def __init__(self, calls):
        self._calls = calls
        self._effects = Effects()
        self._state = ModuleState()
        self._first = True

    def observe(self, request):
        """One call within `limit_s`; `manner` says what is done besides, `pool` what varied inputs may be made of.

        The first answer of a process names the data of the project's modules that is watched.
        """
        self._pool = request.get("pool") or ()
        streamed = str(request["item"][2]).startswith("streamed")
        signal.signal(signal.SIGALRM, _out_of_time)
        signal.setitimer(signal.ITIMER_REAL, request["limit_s"])
        started = time.perf_counter()
        try:
            seen, opaque = self._observe(request["item"], request["manner"])
            plain = self._unstreamed(request["item"], request["manner"]) if streamed else None
        except _OutOfTime:
            return {"slow": True}
        except BEYOND as error:
            return {"unseen": type(error).__name__}
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        text = json.dumps(seen, separators=(",", ":"))
        answer = {"digest": digest_of(text.encode("utf-8", "surrogatepass")), "opaque": sorted(opaque)}
        answer["seconds"] = time.perf_counter() - started
        answer["raised"] = seen[0]["returned"][0] == "raised"
        answer["state"] = self._state.changed()
        if streamed:
            # What a function makes of iterators says something only where it keeps its promise to take them.
            answer["any_iterable"] = seen[0]["returned"] == plain or seen[0]["returned"][0] == plain[0] == "raised"
        if request.get("show") or len(text) < MOST_SHOWN_CHARACTERS:
            answer["seen"] = seen
        if request.get("show"):
            answer["input"] = self._input(request["item"])
        if self._first:
            answer["watched"] = self._state.names()
            self._first = False
        return answer

    def _unstreamed(self, item, manner):
        """What the call returns where its iterators are the containers that they were made from."""
        how = ">".join(["streamed", *item[2].split(">")[1:]])
        args, kwargs = self._calls.make([*item[:2], how, *item[3:]], self._pool)
        return self._call(item, args, kwargs, manner)[0]["returned"]

    def _observe(self, item, manner):
        args, kwargs = self._calls.make(item, self._pool)
        seen, result, opaque = self._call(item, args, kwargs, manner)
        if manner == "spoiled" and spoil(result):
            # A result that shares memory with an argument shows here, whatever it is called.
            seen["arguments after the result was changed"] = _encoded(args, kwargs)
            args, kwargs = self._calls.make(item, self._pool)
            again, _, _ = self._call(item, args, kwargs, "once")
            return [seen, again], opaque
        if manner == "changed" and sum([spoil(value) for value in [*args, *kwargs.values()]]):
            again, _, _ = self._call(item, args, kwargs, "once")
            return [seen, again], opaque
        return [seen], opaque

    def _call(self, item, args, kwargs, manner):
        encoder = Encoder()
        encoder.drawn = MOST_DRAWN if item[1] is None else MOST_DRAWN_FRESH
        _seed(item)
        result = None
        with self._effects:
            try:
                result = self._calls.function(*args, **kwargs)
                if type(result) is CoroutineType:
                    result = awaited(result)
                returned = ["returned", self._drawn(encoder, result, args, manner)]
            except (_OutOfTime, *BEYOND):
                raise
            except BaseException as error:
                returned = ["raised", encoder.exception(error)]
        after = [encoder.encode(value) for value in args], {k: encoder.encode(v) for k, v in sorted(kwargs.items())}
        effects = self._effects.observed()
        return {"returned": returned, "arguments": after, "effects": effects}, result, encoder.opaque

    @staticmethod
    def _drawn(encoder, result, args, manner):
        if manner == "late":
            # The caller owns its arguments, and of a result in parts those that are there already.
            for value in [*args, result] if type(result) is tuple else args if is_lazy(result) else ():
                spoil(value)
        most, encoder.drawn = encoder.drawn, _DRAWN.get(manner, encoder.drawn)
        encoded = encoder.encode(result)
        encoder.drawn = most
        if manner in _DRAWN and type(result) is GeneratorType:
            result.close()
        return encoded

    def _input(self, item):
        return _encoded(*self._calls.make(item, self._pool))


def _seed(item):
    """Chance is the same on either side."""
    name = repr(item[:3])
    random.seed(name)
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed(random.Random(name).randrange(1 << 32))


def _encoded(args, kwargs):
    encoder = Encoder()
    encoder.drawn = MOST_DRAWN
    return [[encoder.encode(value) for value in args], {k: encoder.encode(v) for k, v in sorted(kwargs.items())}]


def awaited(coroutine):
    """What a coroutine returns."""
    # Imported when first needed: every process would pay for it otherwise.
    import asyncio

    return asyncio.run(coroutine)


def digest_of(data):
    """A short name of some bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _out_of_time(_signal, _frame):
    raise _OutOfTime
