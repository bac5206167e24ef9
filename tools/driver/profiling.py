"""Looks on while a workload's calls run: at stacks, at the lines of one function, at what these allocate."""

import random
import time
from types import CoroutineType, GeneratorType

from .observing import awaited

LEAST_SAMPLED_S = 0.1
LEAST_METERED_S = 0.3
MOST_ROUNDS = 4096
BETWEEN_PAUSES_S = 0.02
MOST_PAUSE_S = 0.005
"""A beat of the sampler, and a bit."""
MOST_WALL = 3
"""Times as long as the processor is to be used, where others use it as well."""


def profile(calls, items, request):
    """Run the calls again and again for `seconds` of processor time; folded stacks, and at some levels `metered`.

    The levels `line` and `memory` look at the function at `place` (see `line_meter.py`); `memory` at nothing else.
    """
    level, place, seconds = request.get("level", "function"), request.get("place"), request["seconds"]
    if level == "memory":
        from .line_meter import MemoryMeter

        return {"metered": _metered(calls, items, MemoryMeter(place, seconds), 0.0, seconds)}
    answer = _again_and_again(calls, items, place if level == "line" else None, seconds)
    if level == "line":
        from .line_meter import TimeMeter

        answer["metered"] = _metered(calls, items, TimeMeter(place, seconds), LEAST_METERED_S, seconds)
    return answer


def _again_and_again(calls, items, place, seconds):
    from .sampling import Sampler

    sampler = Sampler(place=place)
    # The sampler looks at a steady beat: calls at a beat of their own would be seen at the same few places each time.
    rng = random.Random(len(items))
    deadline = time.perf_counter() + MOST_WALL * seconds
    rounds = 1
    while True:
        inputs = [calls.make(item) for _ in range(rounds) for item in items]
        rng.shuffle(inputs)
        began = paused = time.perf_counter()
        sampler.start()
        for args, kwargs in inputs:
            _call(calls.function, args, kwargs)
            if time.perf_counter() - paused > BETWEEN_PAUSES_S:
                paused = _pause(rng)
        stopped = sampler.stop()
        now = time.perf_counter()
        if now > deadline or stopped["cpu_s"] >= seconds:
            return stopped
        if now - began < LEAST_SAMPLED_S and rounds < MOST_ROUNDS:
            rounds *= 4  # the sampler looks every few milliseconds: in less it sees nothing


def _pause(rng):
    """Use the processor for a random while, in code that is not the project's; when it was over."""
    until = time.perf_counter() + rng.uniform(0.0, MOST_PAUSE_S)
    while True:
        now = time.perf_counter()
        if now >= until:
            return now


def _metered(calls, items, meter, least_s, most_s):
    """Each call once, as far as the time goes; all of them again until they took the least time."""
    began = time.perf_counter()
    found = {"lines": [], "calls": 0, "cut": False}
    while True:
        for args, kwargs in map(calls.make, items):
            meter.start()
            _call(calls.function, args, kwargs)
            found = meter.stop()
            if time.perf_counter() - began > most_s:
                return dict(found, cut=True)
        if time.perf_counter() - began >= least_s:
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
