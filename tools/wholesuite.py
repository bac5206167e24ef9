"""Runs a suite through to its end: what hangs or ends the process is set aside by name, the rest runs without it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tools.impact import Touched
from tools.testreport import SetAside
from tools.testsuite import SuiteOrder, SuiteRun

MOST_SET_ASIDE = 20
"""A suite with more tests than this that no run gets past is refused."""


def run_through(once: Callable[[SuiteOrder], SuiteRun], order: SuiteOrder) -> SuiteRun:
    """One run of the suite in as many processes as it takes; `once` runs one.

    Each process after the first begins with the test after the one that ended the last. `most_s` of the order is for
    all of them together. What a process saw beyond outcomes (stacks, calls) is lost with it where it was ended.
    """
    runs: list[SuiteRun] = []
    aside: list[SetAside] = []
    next_order, left_s = order, order.most_s
    while True:
        run = once(next_order)
        runs.append(run)
        stopper = run.report.stopper
        if stopper is None:
            return _merged(order.ids, runs, aside, run.report.problem, cut=run.report.cut)
        aside.append(stopper)
        if len(aside) > MOST_SET_ASIDE:
            problem = f"more than {MOST_SET_ASIDE} tests hang or end the process, the last one so: {stopper.why}"
            return _merged(order.ids, runs, aside, problem, cut=False)
        left_s = None if left_s is None else left_s - run.report.seconds
        rest = _rest(order, runs, aside)
        if rest == () or (left_s is not None and left_s <= 0):
            return _merged(order.ids, runs, aside, "", cut=bool(rest))
        left_out = (*order.left_out, *(one.id for one in aside))
        next_order = replace(order, ids=rest, left_out=left_out, most_s=left_s)


def _rest(order: SuiteOrder, runs: Sequence[SuiteRun], aside: Sequence[SetAside]) -> tuple[str, ...] | None:
    """The tests that no run came to; None where not even their names are known."""
    if aside[-1].id not in runs[-1].report.collected:  # a file that hangs when it is imported
        known = runs[-1].report.requested
        return known if known is not None else None if order.ids is None else tuple(order.ids)
    done = {case.id for run in runs for case in run.report.cases} | {one.id for one in aside}
    return tuple(test for test in runs[-1].report.collected if test not in done)


def _merged(
    requested: Sequence[str] | None, runs: Sequence[SuiteRun], aside: Sequence[SetAside], problem: str, *, cut: bool
) -> SuiteRun:
    reports = [run.report for run in runs]
    last = runs[-1]
    failures = {failure.id: failure for report in reports for failure in report.import_failures}
    report = replace(
        last.report,
        cases=tuple(case for report in reports for case in report.cases),
        collected=max((report.collected for report in reports), key=len),
        uncollected=tuple(dict.fromkeys(file for report in reports for file in report.uncollected)),
        requested=None if requested is None else tuple(requested),
        import_failures=tuple(failures.values()),
        set_aside=tuple(aside),
        stopper=None,
        problem=problem,
        cut=cut,
        forged=any(report.forged for report in reports),
        seconds=sum(report.seconds for report in reports),
        scope="full" if requested is None else "impacted",
    )
    touched = [run.touched for run in runs if run.touched is not None]
    return SuiteRun(
        report=report,
        touched=_touched(touched) if touched else None,
        profile=next((run.profile for run in reversed(runs) if run.profile is not None), None),
        recordings=last.recordings,
    )


def _touched(parts: Sequence[Touched]) -> Touched:
    return Touched(
        by_test={test: functions for part in parts for test, functions in part.by_test.items()},
        at_import=frozenset().union(*(part.at_import for part in parts)),
    )


def joined(first: SuiteRun, second: SuiteRun) -> SuiteRun:
    """Two runs of different tests of one suite as one run; what is neither's is left out for want of time."""
    done = {case.id for run in (first, second) for case in run.report.cases}
    aside = (*first.report.set_aside, *second.report.set_aside)
    left = set(first.report.collected) - done - {one.id for one in aside}
    cut = bool(left or first.report.uncollected)
    return _merged(first.report.requested, [first, second], aside, second.report.problem, cut=cut)
