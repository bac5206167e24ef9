"""Whether a workload file is worth measuring on: questions, answers in words, and the first reason against it.

Pure: what was tried stands in `trial.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tools.measure.batches import BATCH_S
from tools.workload.trial import Tried

FAILING = 0.5
"""Of the inputs: where more raise errors, something else is measured than what is meant."""
GROWTH = 1.3
"""The largest size takes at least this many times as long as the smallest."""
SHORTEST_BATCH_S = BATCH_S / 6
LONGEST_CALL_S = 2.0


@dataclass(frozen=True, kw_only=True)
class Check:
    """One question."""

    question: str
    held: bool
    seen: str
    """What was seen; where it did not hold, what to do about it."""


def checks(tried: Tried, target: str) -> tuple[Check, ...]:
    """Every question about a file that was tried, `target` by its name."""
    if tried.problem:
        return (Check(question="it runs", held=False, seen=tried.problem),)
    return tuple(_checks(tried, target))


def rejection(tried: Tried, target: str) -> str | None:
    """Why it is not accepted, for who wrote it; None where it is."""
    failed = next((check for check in checks(tried, target) if not check.held), None)
    return None if failed is None else f"{_NOT[failed.question]}: {failed.seen}"


def _checks(tried: Tried, target: str) -> Iterator[Check]:
    raising = f"{tried.raised:.0%} of its inputs raise an error ({tried.error}), seldom what is meant"
    yield _check(
        "it runs", tried.raised <= FAILING, raising if tried.raised else "on every input that was tried", raising
    )
    yield _check(
        "it repeats itself",
        tried.repeats,
        "same seed, same results",
        "two processes got other inputs or results from the same seed; draw everything from random.Random(seed), and "
        "sort what comes out of a set",
    )
    yield _check("it reaches the target", tried.reaches, target, f"{target} is not run by it; call it")
    yield _check(
        "its results differ by seed",
        tried.differs,
        "several seeds, several results",
        "`run` returned the same for every seed of a size; draw inputs from the seed and return what the target made",
    )
    if tried.shows is not None:
        yield _check(
            "its results are the target's",
            tried.shows,
            "without the target they are others",
            f"nothing that {target} does shows in what `run` returns or changes; return the target's own result",
        )
    if tried.timed:
        yield from _of_time(tried)


def _of_time(tried: Tried) -> Iterator[Check]:
    if tried.unmeasurable or not tried.call_s:
        yield _check("it can be measured", False, "", tried.unmeasurable or "no batch could be made of it")
        return
    sizes = sorted(tried.call_s)
    least, most = tried.call_s[sizes[0]], tried.call_s[sizes[-1]]
    took = f"{_time(least)} a call at size {sizes[0]}, {_time(most)} at size {sizes[-1]}"
    yield _check(
        "it grows with size",
        len(sizes) > 1 and most >= GROWTH * least,
        took,
        f"{took}; a larger size must mean more work for the target" if len(sizes) > 1 else "it has one size; name two",
    )
    short = [size for size in sizes if tried.batch_s[size] < SHORTEST_BATCH_S]
    long = f"a call at size {sizes[-1]} takes {_time(most)}; make its sizes smaller, 1 to 50 ms measure best"
    brief = (
        f"at size {short[0]} as many inputs as can be made in time are {_time(tried.batch_s[short[0]])} of work; make "
        "the sizes larger, or the inputs quicker to make"
        if short
        else ""
    )
    yield _check("it is long enough to measure", not short and most <= LONGEST_CALL_S, took, brief or long)


def _check(question: str, held: bool, good: str, bad: str) -> Check:
    return Check(question=question, held=held, seen=good if held else bad)


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} µs"


_NOT = {
    "it runs": "it does not run as it should",
    "it repeats itself": "it does not repeat itself",
    "it reaches the target": "it does not reach the target",
    "its results differ by seed": "its results do not differ by seed",
    "its results are the target's": "its results are not the target's",
    "it can be measured": "it cannot be measured",
    "it grows with size": "it does not grow with size",
    "it is long enough to measure": "its calls are of the wrong length",
}
