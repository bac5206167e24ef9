"""Which workload a change is measured on, and why that one: the first that applies."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.baseline import Baseline, changed_names
from agent.changes import Change
from agent.workloads import CallGraph
from agent.written import Written
from tools.measure.batches import Plan
from tools.profile.source import Function
from tools.workload.benchmarks import Benchmark
from tools.workload.workload import Workload, command_workload

LEAST_SHARE = 0.25
"""A benchmark that spends less of its time below a change comes after recorded calls: the rest drowns a gain."""
LEAST_SEEN = 0.02
MOST_SIZES = 3
"""Cases of one benchmark that are measured: its sizes are guards for each other."""
MOST_LOOKED_AT = 8
"""Benchmarks of which it is asked whether they run what changes; each costs a process."""
MOST_TESTS = 30
TESTS_S = 2.0


@dataclass(frozen=True, kw_only=True)
class Planning:
    """How workloads are tried."""

    plan: Callable[[Workload], Plan | None]
    """Its batches; None where it cannot be measured."""
    home: Path
    runs: Callable[[Workload], bool] = lambda _: True
    """Whether a benchmark runs what changes, where something has changed already."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The workloads that a gain is measured on."""

    plans: tuple[Plan, ...]
    why: str
    """Empty where there are none."""
    tests: bool = False
    """They are the tests themselves: what is measured shows a gain, but compares no behaviour."""


def choose(
    baseline: Baseline,
    changes: Sequence[Change],
    target: str | None,
    planning: Planning,
    written: Sequence[Written] = (),
) -> Choice:
    """What was named; the repository's own benchmarks; recorded calls, of callers where need be, with what a model
    wrote for targets without any; the tests."""
    functions = [function for change in changes for function in changed_names(change)]
    return without_tests(baseline, changes, target, planning, written) or _tests(baseline, functions, planning)


def is_measurable(baseline: Baseline, function: Function, target: str | None, planning: Planning) -> bool:
    """Whether an edit of a function alone would be measured on more than its tests."""
    return bool(baseline.named) or without_tests(baseline, (edit_of(function),), target, planning, ()) is not None


def edit_of(function: Function) -> Change:
    """Some edit of a function, whatever its lines."""
    return Change(
        path=function.path,
        functions={function.qualname: frozenset()},
        edited={},
        lines=frozenset(),
        module_level=False,
    )


def without_tests(
    baseline: Baseline, changes: Sequence[Change], target: str | None, planning: Planning, written: Sequence[Written]
) -> Choice | None:
    """As `choose`, but None where only the tests are left."""
    functions = [function for change in changes for function in changed_names(change)]
    if baseline.named:
        plans = [planning.plan(workload) for workload in baseline.named]
        return Choice(plans=tuple(one for one in plans if one), why="named by the user or the project")
    for least in (LEAST_SHARE, LEAST_SEEN):
        if found := _benchmark(baseline, functions, least, planning):
            return found
        if least == LEAST_SHARE:
            found = _calls(baseline, changes, functions, target, planning)
            if found := _with_written(found, written, baseline, functions, planning):
                return found
    return None


def _with_written(
    calls: Choice | None,
    written: Sequence[Written],
    baseline: Baseline,
    functions: Sequence[Function],
    planning: Planning,
) -> Choice | None:
    """What a model wrote for the targets concerned, before recorded calls of whatever else changes."""
    plans = [(one, found) for one in written if (found := planning.plan(one.workload))]
    if not plans:
        return calls
    names = ", ".join(dict.fromkeys(one.model for one, _ in plans))
    why = f"written by the model {names}, for {why_not(baseline, functions)}"
    return Choice(
        plans=(*(found for _, found in plans), *(calls.plans if calls else ())),
        why=f"{why}; and {calls.why}" if calls else why,
    )


def _benchmark(baseline: Baseline, functions: Sequence[Function], least: float, planning: Planning) -> Choice | None:
    """The benchmark that spends the largest share of its time in one of the functions, at its several sizes.

    One that runs none of the edited lines (another branch of the function) is passed over.
    """
    groups: dict[str, list[tuple[float, Benchmark]]] = {}
    for one in baseline.benchmarks:
        share = max((one.share(function) for function in functions), default=0.0)
        if share >= least:
            groups.setdefault(one.group, []).append((share, one))
    for group in sorted(groups.values(), key=_order)[:MOST_LOOKED_AT]:
        best = sorted(group, key=lambda case: (-case[0], case[1].call_s))[:MOST_SIZES]
        if not any(planning.runs(one.workload) for _, one in best):
            continue
        plans = [(share, found) for share, one in best if (found := planning.plan(one.workload))]
        if plans:
            why = f"the repository's own; it spends {max(share for share, _ in plans):.0%} of its time in what changes"
            return Choice(plans=tuple(found for _, found in plans), why=why)
    return None


def _order(cases: Sequence[tuple[float, Benchmark]]) -> tuple[int, int, str]:
    """The larger share to a quarter, then more sizes."""
    return -round(4 * max(share for share, _ in cases)), -len(cases), cases[0][1].group


def _calls(
    baseline: Baseline, changes: Sequence[Change], functions: Sequence[Function], target: str | None, planning: Planning
) -> Choice | None:
    """Recorded calls of the target, of the changed functions, or of their nearest callers."""
    asked = baseline.calling(target) if target else ()
    for workloads in filter(None, (asked, baseline.reaching(changes))):
        plans = [(workload, found) for workload in workloads if (found := planning.plan(workload))]
        if not plans:
            continue
        own = {baseline.recorded[function].entry for function in functions if function in baseline.recorded}
        count = sum(workload.recorded for workload, _ in plans)
        why = f"{count} recorded calls"
        if not any(workload.entry in own for workload, _ in plans):
            why += f" of what calls it; {why_not(baseline, functions)}"
        return Choice(plans=tuple(found for _, found in plans), why=why)
    return None


def _tests(baseline: Baseline, functions: Sequence[Function], planning: Planning) -> Choice:
    """The quickest tests that run what changes, as a command: the last resort."""
    wanted = frozenset(functions)
    durations = baseline.suite.durations_s
    stable = set(baseline.suite.stable)
    reached = [test for test, ran in baseline.touched.by_test.items() if ran & wanted and test in stable]
    chosen: list[str] = []
    left_s = TESTS_S
    for test in sorted(reached, key=lambda one: (durations.get(one, 0.0), one))[:MOST_TESTS]:
        left_s -= durations.get(test, 0.0)
        if chosen and left_s < 0:
            break
        chosen.append(test)
    if not chosen:
        return Choice(plans=(), why="")
    given = baseline.recipe.pytest_args
    cacheless = () if "no:cacheprovider" in given else ("-p", "no:cacheprovider")
    words = ["python", "-m", "pytest", "-q", *cacheless, *given, *chosen]
    # What pytest prints differs from run to run wherever a plug-in tells times; its exit code does not.
    workload = command_workload(f"{shlex.join(words)} >/dev/null", planning.home)
    found = planning.plan(workload)
    why = f"the {len(chosen)} quickest tests that run it, for nothing smaller can be replayed: "
    plans = (found,) if found else ()
    return Choice(plans=plans, why=why + why_not(baseline, functions) if found else "", tests=bool(found))


def why_not(baseline: Baseline, functions: Sequence[Function]) -> str:
    """Why a function's own calls cannot be replayed, in words."""
    for function in functions:
        if why := baseline.unrecorded.get(function):
            return why
    name = functions[0].qualname if functions else "what changes"
    if functions and functions[0] in baseline.recorded:
        return f"no recorded call of {name} gives the same result twice"
    callers = CallGraph(baseline.profile).callers(functions[0]) if functions else []
    return f"no call of {name} was recorded" + (f", nor of {callers[0].qualname}" if callers else "")
