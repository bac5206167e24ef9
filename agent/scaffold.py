"""`hasten workload`: a workload file for one function, made from recorded calls and tried."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.baseline import Baseline, prepare
from agent.domain import Job
from agent.kit import Kit
from agent.workloads import CallGraph
from tools.driver import decoding
from tools.errors import UserError
from tools.profile.source import Function
from tools.recipe.environment import PROJECT
from tools.workload.scaffold import Call, Callee, generated, parameters_of, replayed
from tools.workload.session import Side, TargetFailed
from tools.workload.shapes import is_plain
from tools.workload.workload import Workload, file_workload

_decode: Callable[[Any], Any] = decoding.decode
LOOK_S = 2.0
SEEDS = 3
FAILING = 0.5
"""Of generated inputs: where more raise errors, recorded ones are drawn from instead."""
MOST_TARGET_CALLS = 64


@dataclass(frozen=True, kw_only=True)
class Scaffold:
    """A workload file, and what became of trying it."""

    text: str
    through: str
    """`module:function` that it calls: the target, or a caller of it."""
    checks: tuple[tuple[str, bool, str], ...]
    """Question, whether it held, what was seen."""


@dataclass(frozen=True)
class _Tried:
    runs: bool
    repeats: bool
    reaches: bool
    raised: float
    """Share of inputs on which it raises."""
    problem: str = ""

    @property
    def good(self) -> bool:
        return self.runs and self.repeats and self.reaches and self.raised <= FAILING


def scaffold(job: Job, kit: Kit) -> Scaffold:
    """A workload file for the job's target; raises UserError where no call of it or of a caller is of plain values."""
    baseline = prepare(job, kit)
    target = baseline.targets[0]
    function = Function(path=target.path, qualname=target.qualname)
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
            text = write(callee, calls, target.name)
            tried = _try(baseline.side, text, function, baseline, kit.home)
            made = Scaffold(text=text, through=callee.name, checks=_checks(tried, target.name))
            if tried.good:
                return made
            if best is None or tried.raised < best[1]:
                best = made, tried.raised
    if best:
        return best[0]
    why = f"the recorded calls of {', '.join(seen)} take objects" if seen else "no call of it was recorded"
    raise UserError(
        f"no workload file can be made for {target.name}: {why}; write one by hand (make_input and run), see "
        "docs/workloads.md",
        status=422,
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


def _try(side: Side, text: str, target: Function, baseline: Baseline, home: Path) -> _Tried:
    """Run it twice on inputs of each size, with the target's lines watched the second time."""
    with tempfile.TemporaryDirectory(dir=home) as folder:
        path = Path(folder) / "workload.py"
        path.write_text(text)
        workload = file_workload(path, home)
    lines = {f"{PROJECT}/{target.path}": _lines(baseline, target)}
    seen: list[tuple[object, object]] = []
    raised, reaches = 0.0, False
    try:
        for watched in ({}, lines):
            with side.session(workload, hash_seed=1, lines=watched) as session:
                items = [[size, seed, None] for size in session.opened.sizes for seed in range(SEEDS)]
                made = session.ask("prepare", group="try", items=items)
                ran = session.ask("run", group="try")
                outputs = session.ask("outputs", group="try", first=0, most=len(items))["outputs"]
                raised = sum(output[0] == "raised" for output in outputs) / max(1, len(outputs))
                reaches = _any_line(session.ask("lines")["lines"])
            seen.append((made["digest"], ran["digest"]))
    except TargetFailed as error:
        return _Tried(runs=False, repeats=False, reaches=False, raised=1.0, problem=str(error).splitlines()[0])
    return _Tried(runs=True, repeats=seen[0] == seen[1], reaches=reaches, raised=raised)


def _lines(baseline: Baseline, target: Function) -> list[int]:
    for span in baseline.sources.spans(target.path):
        if span.qualname == target.qualname:
            return list(range(span.first_line + 1, span.last_line + 1))
    return []


def _any_line(lines: Mapping[str, Sequence[int]]) -> bool:
    return any(lines.values())


def _checks(tried: _Tried, target: str) -> tuple[tuple[str, bool, str], ...]:
    if not tried.runs:
        return (("it runs", False, tried.problem),)
    raising = f"{tried.raised:.0%} of its inputs raise an error; that is compared too, but seldom what is meant"
    return (
        ("it runs", tried.raised <= FAILING, raising if tried.raised else "on every input that was tried"),
        (
            "it repeats itself",
            tried.repeats,
            "same seed, same results" if tried.repeats else "make it do so",
        ),
        ("it reaches the target", tried.reaches, target if tried.reaches else f"{target} is not run by it"),
    )
