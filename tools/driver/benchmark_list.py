"""The `benchmarks` mode: runs every benchmark of a suite for a moment and tells which functions it spends its time in.

One frame comes in: {framework: pytest, pytest_args, files} or {framework: asv, folder, modules}, and {root, budget_s}.
For each benchmark goes out {kind: benchmark, name, index, params, module, file, seconds, and what the sampler saw}, or
{kind: missed, name, why}; then {kind: end, problem}.
"""

import contextlib
import os
import signal
import sys
import time

from . import benchmarks
from .sampling import Sampler

SAMPLED_S = 0.2
MOST_S = 10.0
"""A benchmark whose set-up and calls take longer is given up."""
MOST_ROUNDS = 1 << 16


class _OutOfTime(BaseException):
    """A benchmark takes too long, or all of them together do."""


def main(channel, _arguments):
    """Look at every benchmark once."""
    options = channel.receive()
    # What the target prints is nobody's.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    look = _Look(channel, options["budget_s"])
    problem = ""
    if options["framework"] == "asv":
        sys.path.insert(0, os.path.dirname(options["folder"]))
        _look_at_asv(look, options)
    else:
        problem = benchmarks.run_pytest(options["pytest_args"], options["files"], look.at_item)
        problem = "" if look.seen else problem
    channel.send(kind="end", problem=problem)


def _look_at_asv(look, options):
    for module in options["modules"]:
        try:
            found = list(benchmarks.asv_module(module))
        except (Exception, SystemExit) as error:
            look.missed(module, error)
            continue
        for benchmark in found:
            shown = ", ".join(map(repr, benchmark["params"]))[:80]
            facts = {"index": benchmark["index"], "params": shown, "module": module, "file": ""}
            with contextlib.suppress(Exception, SystemExit):  # `at` has told why
                look.at(benchmark["name"], benchmarks.asv_shipped(benchmark), **facts)


class _Look:
    """Runs benchmarks until the budget is used up, and sends what it sees."""

    def __init__(self, channel, budget_s):
        self._channel = channel
        self._deadline = time.monotonic() + budget_s
        self.seen = 0

    def at_item(self, item, shipped):
        """A test that is a benchmark; gives the result of its function back."""
        return self.at(item.nodeid, shipped, index=0, params="", module="", file=str(item.fspath))

    def at(self, name, shipped, **facts):
        """Look at one; what it raises is said and goes on to whoever called."""
        if time.monotonic() > self._deadline:
            self.missed(name, "there was no time left to look at it")
            return None
        before = signal.signal(signal.SIGALRM, _out_of_time)
        signal.setitimer(signal.ITIMER_REAL, MOST_S)
        try:
            output, seconds, stacks = _sampled(shipped)
        except _OutOfTime:
            self.missed(name, "it takes longer than %d s" % MOST_S)
            return None
        except Exception as error:
            self.missed(name, error)
            raise
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        self.seen += 1
        self._channel.send(kind="benchmark", name=name, seconds=seconds, **facts, **stacks)
        return output

    def missed(self, name, why):
        """A benchmark that cannot be used."""
        text = "%s: %s" % (type(why).__name__, why) if isinstance(why, BaseException) else why
        self._channel.send(kind="missed", name=name, why=text[:300])


def _sampled(shipped):
    """(what it returned first, seconds of a call, the sampler's stacks)."""
    args, kwargs = shipped.make(None)
    started = time.perf_counter()
    output = shipped.function(*args, **kwargs)
    seconds = time.perf_counter() - started
    sampler = Sampler()
    rounds, spent_s, calls = 1, 0.0, 0
    while spent_s < SAMPLED_S and rounds <= MOST_ROUNDS:
        inputs = [shipped.make(None) for _ in range(rounds)]
        started = time.perf_counter()
        sampler.start()
        for args, kwargs in inputs:
            shipped.function(*args, **kwargs)
        stacks = sampler.stop()
        took_s = time.perf_counter() - started
        spent_s, calls = spent_s + took_s, calls + rounds
        seconds = min(seconds, took_s / rounds)
        if took_s < SAMPLED_S / 4:
            rounds *= 4
    del stacks["lost"]
    return output, seconds, stacks


def _out_of_time(_signal, _frame):
    raise _OutOfTime
