"""Everything that can be seen of one call: what it returned or raised, its arguments afterwards, its effects."""

import hashlib
import json
import random
import signal
import time
from types import CoroutineType

from .effects import Effects
from .encoding import Encoder
from .mutation import spoil


class _OutOfTime(BaseException):
    """A call took longer than the supervisor allows."""


class Observer:
    """Makes single calls of a workload and shows what they did."""

    def __init__(self, calls):
        self._calls = calls
        self._effects = Effects()

    def observe(self, request):
        """One call within `limit_s`; `manner` says what is done besides (see `_observe`)."""
        signal.signal(signal.SIGALRM, _out_of_time)
        signal.setitimer(signal.ITIMER_REAL, request["limit_s"])
        started = time.perf_counter()
        try:
            seen, opaque = self._observe(request["item"], request["manner"])
        except _OutOfTime:
            return {"slow": True}
        except (RecursionError, MemoryError) as error:
            return {"unseen": type(error).__name__}
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        text = json.dumps(seen, separators=(",", ":"))
        answer = {"digest": digest_of(text.encode()), "opaque": opaque, "seconds": time.perf_counter() - started}
        answer["raised"] = isinstance(seen[0]["returned"], list) and seen[0]["returned"][:1] == ["raised"]
        if request.get("show") or len(text) < 4096:
            answer["seen"] = seen
        if request.get("show"):
            answer["input"] = self._input(request["item"])
        return answer

    def _observe(self, item, manner):
        """`once`: the call. `spoiled`: its result changed in place by the caller, then the same call with fresh inputs.
        `changed`: its arguments changed in place by the caller, then called again with the same objects."""
        args, kwargs = self._calls.make(item)
        seen, result, opaque = self._call(item, args, kwargs)
        if manner == "spoiled" and spoil(result):
            args, kwargs = self._calls.make(item)
            again, _, _ = self._call(item, args, kwargs)
            return [seen, again], opaque
        if manner == "changed" and sum(spoil(value) for value in args):
            again, _, _ = self._call(item, args, kwargs)
            return [seen, again], opaque
        return [seen], opaque

    def _call(self, item, args, kwargs):
        encoder = Encoder()
        random.seed(item[1])
        result = None
        with self._effects:
            try:
                result = self._calls.function(*args, **kwargs)
                if type(result) is CoroutineType:
                    result = awaited(result)
                returned = ["returned", encoder.encode(result)]
            except Exception as error:
                returned = ["raised", encoder.exception(error)]
        after = [encoder.encode(value) for value in args], {k: encoder.encode(v) for k, v in sorted(kwargs.items())}
        effects = self._effects.observed()
        return {"returned": returned, "arguments": after, "effects": effects}, result, encoder.opaque

    def _input(self, item):
        args, kwargs = self._calls.make(item)
        encoder = Encoder()
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
