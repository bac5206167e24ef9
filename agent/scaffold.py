"""`hasten workload`: a workload file for one function, made from recorded calls or written by a model, and tried."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.baseline import Baseline, prepare
from agent.domain import Job
from agent.kit import Kit
from agent.session.authoring import target_lines, write_for
from agent.workloads import CallGraph
from tools.driver import decoding
from tools.errors import UserError
from tools.measure.plan import plan_batches
from tools.profile.source import Function
from tools.workload.acceptance import FAILING, checks
from tools.workload.scaffold import Call, Callee, generated, parameters_of, replayed
from tools.workload.session import Side, TargetFailed
from tools.workload.shapes import is_plain
from tools.workload.trial import Tried, try_workload
from tools.workload.workload import Workload, text_workload

_decode: Callable[[Any], Any] = decoding.decode
LOOK_S = 2.0
HASH_SEEDS = (1, 1)
"""Of the two processes that must agree: what hangs on the order of a set is measured under one hash seed at a time."""


@dataclass(frozen=True, kw_only=True)
class Scaffold:
    """A workload file, and what became of trying it."""

    text: str
    through: str
    """`module:function` that it calls: the target, or a caller of it."""
    checks: tuple[tuple[str, bool, str], ...]
    """Question, whether it held, what was seen."""


def scaffold(job: Job, kit: Kit, *, model: str | None = None) -> Scaffold:
    """A workload file for the job's target; with a `model`, what it writes where recorded calls give no good one.

    Raises UserError where there is neither: no call of it or of a caller is of plain values, and no model.
    """
    baseline = prepare(job, kit)
    target = baseline.targets[0]
    function = Function(path=target.path, qualname=target.qualname)
    made, seen = _from_calls(baseline, function, target.name, kit)
    if made and all(held for _, held, _ in made.checks):
        return made
    if model is not None and (written := write_for(job, baseline, kit, model)):
        return _scaffold(written, target.name, _try(baseline, written, function, kit.home), target.name)
    if made:
        return made
    why = f"the recorded calls of {', '.join(seen)} take objects" if seen else "no call of it was recorded"
    raise UserError(
        f"no workload file can be made for {target.name}: {why}; write one by hand (make_input and run), see "
        "docs/workloads.md",
        status=422,
    )


def _from_calls(baseline: Baseline, function: Function, target: str, kit: Kit) -> tuple[Scaffold | None, list[str]]:
    """The best file that recorded calls give, and the functions whose calls are not of plain values."""
    best: tuple[Scaffold, float] | None = None
    seen: list[str] = []
    for near in (function, *CallGraph(baseline.profile).callers(function)):
        workload = baseline.recorded.get(near)
        callee = None if workload is None else _callee(baseline, near)
        if workload is None or callee is None:
            continue
        kit.progress.phase("workload", f"from calls of {callee.name}")
        calls = _plain_calls(baseline.side, workload)
        if not calls:
            seen.append(callee.name)
            continue
        for write in (generated, replayed):
            text = write(callee, calls, target)
            tried = _try(baseline, text, function, kit.home)
            made = _scaffold(text, callee.name, tried, target)
            if not tried.problem and tried.repeats and tried.reaches and tried.raised <= FAILING:
                return made, seen
            raised = 1.0 if tried.problem else tried.raised
            if best is None or raised < best[1]:
                best = made, raised
    return (best[0] if best else None), seen


def _scaffold(text: str, through: str, tried: Tried, target: str) -> Scaffold:
    found = tuple((check.question, check.held, check.seen) for check in checks(tried, target))
    return Scaffold(text=text, through=through, checks=found)


def _try(baseline: Baseline, text: str, target: Function, home: Path) -> Tried:
    """On inputs of each size, with the target's lines watched, and sized as a judgement would size it."""
    side = baseline.side
    return try_workload(
        side,
        text_workload("workload.py", text.encode(), home),
        target_lines(baseline, target),
        lambda workload: plan_batches(side, workload, hash_seed=HASH_SEEDS[0], seed=1),
        hash_seeds=HASH_SEEDS,
    )


def _callee(baseline: Baseline, function: Function) -> Callee | None:
    module = baseline.sources.module(function.path)
    if module is None:
        return None
    parameters = parameters_of(baseline.sources.text(function.path), function.qualname)
    return Callee(module=module, qualname=function.qualname, parameters=parameters)


def _plain_calls(side: Side, workload: Workload) -> list[Call]:
    """Those of the recorded calls whose arguments are plain values; what comes back from the sandbox is never run."""
    calls = []
    try:
        with side.session(workload, hash_seed=1) as session:
            for index in range(session.opened.count):
                asked: dict[str, Any] = {"item": [index, None, None], "manner": "once", "limit_s": LOOK_S}
                answer = session.ask("observe", **asked, show=True, pool=[])
                call = _decoded(answer.get("input"))
                if call is not None and call not in calls:
                    calls.append(call)
    except TargetFailed:
        pass  # what was seen before it ended is good
    return calls


def _decoded(arguments: Any) -> Call | None:
    try:
        args, kwargs = arguments
        call = Call(
            args=tuple(map(_decode, args)), kwargs={str(name): _decode(value) for name, value in kwargs.items()}
        )
    except (decoding.CannotDecode, TypeError, ValueError, LookupError):
        return None
    return call if all(map(is_plain, (*call.args, *call.kwargs.values()))) else None
