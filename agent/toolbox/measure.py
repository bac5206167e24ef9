"""The tool that takes a quick look at whether an edit is faster, and the same."""

import math
import time
from dataclasses import dataclass
from itertools import islice

from agent.bench import Bench
from agent.desk import Desk
from agent.judge import instructions
from agent.probes.code import builds, seen_before
from agent.probes.equivalence import few_inputs
from agent.probes.timing import names, sampler_of
from agent.seeds import seed_for
from agent.toolbox.tool import Arguments, Manner, Tool
from tools.equivalence.behaviour import Example
from tools.errors import ToolError, UserError
from tools.measure.counters import find_counter
from tools.measure.counts import CannotCount, count_sides
from tools.measure.eprocess import estimate
from tools.measure.estimate import Estimate
from tools.measure.guards import mean_ratio
from tools.measure.pairs import Pair
from tools.measure.procedure import CLOCK_PAIRS, clock_for
from tools.measure.sampler import CandidateBroke, CandidateCheated, OutputsDiffer, ReferenceBroke
from tools.workload.session import TargetFailed

NOT_THE_VERDICT = "A quick look, not the verdict: the judge measures on other inputs, longer, and compares far more."
LEAST_PAIRS = 3
MOST_PAIRS = 8
MOST_S = 6.0
"""No pair begins later than this."""
COUNT_S = 2.0
"""Instructions are counted where that takes no longer."""
SAME = 0.02
"""Gains below this are not worth keeping."""


class MeasureArguments(Arguments):
    """`measure` takes none."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The last difference in behaviour that a session met, for `trace_failure`."""

    patch: str
    text: str
    example: Example | None


def _measure(desk: Desk, _: MeasureArguments) -> str:
    if desk.patch == desk.directive.parent.patch:
        return "Nothing was measured: the code is the unchanged one. Edit first, then measure."
    bench = desk.bench()
    if known := _known(desk, bench):
        return known
    if problem := builds(bench).problem:
        return f"Nothing was measured: {problem}."
    try:
        if difference := difference_at(desk):
            return f"DIFFERENT RESULTS, so its speed does not count: {difference.text}\n\n{HOW_TO_TRACE}"
        if not bench.timed:
            return "Nothing was measured: no workload at hand reaches what was changed."
        return f"{NOT_THE_VERDICT}\n\n{_timed(desk, bench)}"
    except UserError as error:
        raise ToolError(f"It cannot be measured: {error}") from error


def _known(desk: Desk, bench: Bench) -> str | None:
    """What is known of the same code already."""
    number = seen_before(bench).same_as
    if number is None:
        return None
    if number == desk.directive.parent.number:
        return "Nothing was measured: but for names, comments and layout the code is the unchanged one."
    entry = next((one for one in desk.kit.archive.entries() if one.candidate.number == number), None)
    verdict = f": {entry.verdict.outcome}, {entry.verdict.reason}" if entry is not None else ""
    return f"Nothing was measured: the same code was judged before, as candidate {number}{verdict}"


def difference_at(desk: Desk) -> Difference | None:
    """How the code as it stands differs from the directive's parent on a few inputs; None where it does not.

    What was found for the same code before is not looked for again.
    """
    found = desk.notes.get("difference")
    if isinstance(found, Difference) and found.patch == desk.patch:
        return found
    for workload, behaviour in few_inputs(desk.bench()):
        if text := behaviour.difference or behaviour.cheat:
            difference = Difference(patch=desk.patch, text=f"{workload.name}, {text}", example=behaviour.example)
            desk.notes["difference"] = difference
            return difference
    return None


def _timed(desk: Desk, bench: Bench) -> str:
    number = int(str(desk.notes.get("measured", 0)))
    desk.notes["measured"] = number + 1
    seed = seed_for(desk.job, "measure", desk.directive.round, number)
    begun_s = time.monotonic()
    taken: list[Pair] = []
    try:
        for pair in islice(sampler_of(bench, bench.timed).pairs(seed), MOST_PAIRS):
            taken.append(pair)
            if len(taken) >= LEAST_PAIRS and time.monotonic() - begun_s > MOST_S:
                break
    except OutputsDiffer as error:
        return f"DIFFERENT RESULTS, so its speed does not count: {error}"
    except CandidateCheated as error:
        return f"It would be refused: {error}."
    except CandidateBroke as error:
        return f"The code as it stands fails where the unchanged one does not: {error}"
    except (ReferenceBroke, TargetFailed) as error:
        return f"The unchanged code fails on such inputs, so they measure nothing: {error}"
    clock = clock_for(taken[:CLOCK_PAIRS])
    speedup = estimate([mean_ratio(pair, clock) for pair in taken])
    spread = sorted(mean_ratio(pair, clock) for pair in taken)
    words = f"{_in_words(speedup, spread)} On {names(bench.timed)} ({bench.choice.why})."
    if (spread[0] <= 0 <= spread[-1] or abs(speedup.point - 1) < SAME) and (counted := _counted(bench, seed)):
        words += f" {counted}"
    return words


def _in_words(speedup: Estimate, spread: list[float]) -> str:
    """The estimate, and how far it is to be trusted."""
    pairs = f"{speedup.pairs} pairs"
    ends = [f"{math.exp(value):.2f}" for value in (spread[0], spread[-1])]
    between = f"single pairs from {ends[0]}x to {ends[1]}x"
    if spread[0] > 0 and speedup.point >= 1 + SAME:
        sure = "all pairs agree" if len(spread) >= 5 else "all of these few pairs agree"
        return f"About {speedup.point:.2f}x as fast as before: {sure} ({pairs}, {between})."
    if spread[-1] < 0:
        return f"SLOWER: about {speedup.point:.2f}x the speed of before, in every pair ({pairs}, {between})."
    if abs(speedup.point - 1) < SAME:
        return f"About as fast as before ({speedup.point:.2f}x; {pairs}, {between}): no gain that would count."
    leaning = "faster" if speedup.point > 1 else "slower"
    return f"Not clear, rather {leaning}: {speedup.point:.2f}x ({pairs} that disagree, {between})."


def _counted(bench: Bench, seed: int) -> str:
    """What a count of instructions adds where time cannot tell, if there is a counter and it is quick."""
    counter = find_counter()
    if counter is None:
        return ""
    cores = bench.kit.cores
    try:
        counts = count_sides(
            counter, bench.reference, bench.challenger, bench.timed, seed=seed, cores=cores, most_s=COUNT_S
        )
    except CannotCount:
        return ""
    return f"It executes {instructions(counts.after / counts.before - 1)} ({counts.tool})."


HOW_TO_TRACE = "trace_failure() shows block by block what this call does, beside what the unchanged code returns."

MEASURE = Tool(
    name="measure",
    description=(
        "Compares the code as it stands with the code before your edits, in some seconds: first a few inputs for the "
        "same results (a difference is shown with its input), then a few pairs of timed runs. It is a quick look, not "
        'the verdict. Example: measure() answers "About 1.80x as fast as before: all pairs agree (8 pairs ...)".'
    ),
    arguments=MeasureArguments,
    run=_measure,
    manner=Manner.ALONE,
    repeatable=False,
)
