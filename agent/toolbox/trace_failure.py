"""The tool that follows a failing run block by block (LDB, arXiv 2402.16906)."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import Field

from agent.bench import Bench
from agent.desk import Desk
from agent.failing import FailedTest, failures_of
from agent.testing import named_tests, order_of, run_on
from agent.toolbox.measure import Difference, difference_at
from agent.toolbox.run_tests import HASH_SEED, failed_before, failure_in_words
from agent.toolbox.tool import Arguments, Manner, Tool
from agent.tryout import sources_of, syntax_problem, target_of
from tools.compiler.functions import is_native
from tools.equivalence.behaviour import Example
from tools.errors import ToolError, UserError
from tools.profile.lines import Place, place_of
from tools.profile.profile import MalformedStacksError
from tools.profile.source import Function
from tools.trace.calls import Trace, read_trace
from tools.trace.pick import pick
from tools.trace.words import in_words
from tools.workload.session import Side, TargetFailed

MOST_FUNCTIONS = 5
LIMIT_S = 30.0


class TraceFailureArguments(Arguments):
    """Arguments of `trace_failure`."""

    test: str | None = Field(
        default=None,
        description="A failing test, by pytest's id or a part of it. Left out: the call on which results differ that "
        "`measure` found, else the first test that failed in the last `run_tests`, else a call that is looked for.",
    )


def _trace_failure(desk: Desk, arguments: TraceFailureArguments) -> str:
    if is_native(target_of(desk).path):
        raise ToolError("Only Python code can be followed. `run_tests` says what fails; `shell` runs a debugger.")
    if problem := syntax_problem(desk):
        return f"Nothing was run: {problem}"
    if arguments.test:
        return _of_test(desk, _one_test(desk, arguments.test))
    known = desk.notes.get("difference")
    if isinstance(known, Difference) and known.patch == desk.patch:
        return _of_call(desk, known)
    if failed := [one for one in failed_before(desk) if one.outcome in ("failed", "error")]:
        return _of_test(desk, failed[0].test)
    try:
        found = difference_at(desk)
    except UserError as error:
        raise ToolError(f"No failing call could be looked for: {error}. Name a failing test.") from error
    if found is None:
        raise ToolError(
            "There is nothing to trace: no test failed, and on a few inputs the results are the same. Run `run_tests` "
            "or `measure` first, or name a failing test."
        )
    return _of_call(desk, found)


def _one_test(desk: Desk, name: str) -> str:
    found = named_tests(desk.baseline.suite, name)
    failed = {one.test for one in failed_before(desk)}
    chosen = [test for test in found if test in failed] or found
    if len(found) > 1 and len(chosen) > 1 and not failed.intersection(chosen):
        raise ToolError(f"{name!r} means {len(found)} tests: {', '.join(found[:5])}. Name one of them.")
    return chosen[0]


def _of_test(desk: Desk, test: str) -> str:
    bench = desk.bench()
    side = desk.side()
    now, failure = _traced_test(desk, bench, side, test)
    before, failure_before = _traced_test(desk, bench, bench.reference, test)
    head = f"{test} passes on the code as it stands." if failure is None else failure_in_words(failure)
    if failure is not None and failure_before is not None:
        head += " It fails on the code before your edits, too."
    return f"{head}\n\n{_shown(desk, side, now, before)}"


def _traced_test(desk: Desk, bench: Bench, side: Side, test: str) -> tuple[Trace, FailedTest | None]:
    places = _places(desk, side)
    order = order_of(bench, (test,), hash_seed=HASH_SEED)
    run = run_on(bench, side, replace(order, mode="trace", places=places))
    failures = failures_of(run.report, desk.baseline.suite)
    if run.trace is None and not failures:
        raise ToolError(f"{test} could not be followed: {run.report.problem or 'its run ended early'}.")
    return run.trace or Trace(calls=(), seen=0, cut=True), failures[0] if failures else None


def _of_call(desk: Desk, found: Difference) -> str:
    head = f"Results differ: {found.text}"
    if found.example is None:
        raise ToolError(f"{head}. There is no single call to follow; trace a failing test instead.")
    side = desk.side()
    example = found.example
    try:
        now = _traced_call(desk, side, example)
        before = _traced_call(desk, desk.bench().reference, example)
    except TargetFailed as error:
        raise ToolError(f"{head}. The call could not be followed: {str(error).splitlines()[0]}.") from error
    except MalformedStacksError as error:
        raise ToolError(f"{head}. The code disturbs its own trace ({error}).") from error
    if (now.ending, now.value) == (before.ending, before.value):
        head += "\nAs far as shown this one call ends alike: the difference lies deeper, or in what the caller does."
    return f"{head}\n\n{_shown(desk, side, now, before)}"


def _traced_call(desk: Desk, side: Side, example: Example) -> Trace:
    functions = [place.sent for place in _places(desk, side)]
    with side.session(example.workload, hash_seed=example.hash_seed) as session:
        item, pool = example.case.sent, list(example.pool)
        return read_trace(session.ask("trace", item=item, pool=pool, functions=functions, timeout_s=LIMIT_S))


def _shown(desk: Desk, side: Side, now: Trace, before: Trace) -> str:
    places = _places(desk, side)
    picked = pick(now, before)
    if picked is None or picked.call.function >= len(places):
        names = ", ".join(place.function.qualname for place in places)
        return f"No call of {names} was seen in it, so what fails is elsewhere: look at the failure's own place."
    function = places[picked.call.function].function
    cut = "\n[Following took too long: what came later is not known.]" if now.cut else ""
    return in_words(picked, function.path, sources_of(desk, side).text(function.path)) + cut


def _places(desk: Desk, side: Side) -> Sequence[Place]:
    """Where the edited functions and the target stand on a side; those that it does not have are left out."""
    edited = [
        Function(path=change.path, qualname=name.split(".<locals>")[0])
        for change in desk.bench().changes
        for name in change.functions
    ]
    sources = sources_of(desk, side)
    wanted = dict.fromkeys([*edited[: MOST_FUNCTIONS - 1], target_of(desk)])
    return [place for function in wanted if (place := place_of(function, sources)) is not None]


TRACE_FAILURE = Tool(
    name="trace_failure",
    description=(
        "Follows a failing test, or a call on which results differ, through the edited functions and the target: basic "
        "block by basic block, with the values that changed, for the first call that ends otherwise than before the "
        "edits. Of more than 10 blocks the first and last 5 are shown. "
        'Example: trace_failure(test="tests/test_lexer.py::test_split"), or trace_failure() after `measure` found '
        "different results."
    ),
    arguments=TraceFailureArguments,
    run=_trace_failure,
    manner=Manner.LOOKS,
    repeatable=False,
)
