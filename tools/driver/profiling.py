"""Looks on while a workload's calls run: at stacks, at the lines of one function, at what these allocate."""

import time
from types import CoroutineType, GeneratorType

from .observing import awaited

LEAST_SAMPLED_S = 0.1
MOST_ROUNDS = 4096


def profile(calls, items, request):
    """Run the calls again and again for `seconds`; folded stacks, and at the levels `line` and `memory` `metered`.

    These look at the function at `place` (see `line_meter.py`); memory is looked at alone.
    """
    level, place, seconds = request.get("level", "function"), request.get("place"), request["seconds"]
    if level == "memory":
        from .line_meter import MemoryMeter

        return {"metered": _once(calls, items, MemoryMeter(place, seconds), seconds)}
    answer = _again_and_again(calls, items, place if level == "line" else None, seconds)
    if level == "line":
        from .line_meter import TimeMeter

        answer["metered"] = _once(calls, items, TimeMeter(place, seconds), seconds)
    return answer


def _again_and_again(calls, items, place, seconds):
    from .sampling import Sampler

    sampler = Sampler(place=place)
    deadline = time.perf_counter() + seconds
    rounds = 1
    while True:
        inputs = [calls.make(item) for _ in range(rounds) for item in items]
        began = time.perf_counter()
        sampler.start()
        for args, kwargs in inputs:
            _call(calls.function, args, kwargs)
        stopped = sampler.stop()
        now = time.perf_counter()
        if now > deadline:
            return stopped
        if now - began < LEAST_SAMPLED_S and rounds < MOST_ROUNDS:
            rounds *= 4  # the sampler looks every few milliseconds: in less it sees nothing


def _once(calls, items, meter, seconds):
    """Each call once, as far as the time goes."""
    deadline = time.perf_counter() + seconds
    found = {"lines": [], "calls": 0, "cut": False}
    for args, kwargs in map(calls.make, items):
        meter.start()
        _call(calls.function, args, kwargs)
        found = meter.stop()
        if time.perf_counter() > deadline:
            found["cut"] = True
            break
    return found


def _call(function, args, kwargs):
    try:
        output = function(*args, **kwargs)
        if type(output) is CoroutineType:
            awaited(output)
        elif type(output) is GeneratorType:
            for _ in output:
                pass
    except Exception:
        pass
