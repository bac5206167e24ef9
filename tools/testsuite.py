"""Runs a project's test suite in a sandbox: plainly, or looking on as it runs (touched functions, stacks, calls)."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tools.impact import Touched
from tools.profile.profile import MalformedStacksError, Profile
from tools.profile.source import SourceIndex
from tools.recipe.environment import PROJECT, Environment
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Ended, Finished, Limits, Process, Sandbox
from tools.sandbox.frames import FrameLine, LineBroken, LineForged
from tools.suiteframes import Listener, MalformedFrameError
from tools.testreport import Scope, TestReport
from tools.workload.recording import Recording, Wanted

Mode = Literal["plain", "touch", "sample", "record"]
START_S = 30.0
"""Time for the sandbox to take the options, and to report an end that its own limit brought about."""
EXIT_S = 10.0
"""After the suite's end: for threads and exit handlers of the target."""


@dataclass(frozen=True, kw_only=True)
class SuiteRun:
    """One run and what its mode saw; what belongs to other modes is None or empty."""

    report: TestReport
    touched: Touched | None = None
    """Mode `touch`."""
    profile: Profile | None = None
    """Mode `sample`."""
    recordings: tuple[Recording, ...] = ()
    """Mode `record`: one for each function asked for, in that order."""


def run_suite(
    sandbox: Sandbox,
    environment: Environment,
    tree: Path,
    recipe: Recipe,
    *,
    ids: Sequence[str] | None = None,
    mode: Mode = "plain",
    hash_seed: int,
    limits: Limits,
    record: Sequence[Wanted] = (),
    scope: Scope | None = None,
) -> SuiteRun:
    """Run the suite on one side's `tree`, all of it or the tests named by `ids`.

    The tree is a private copy that tests may write to. However the run ends, the report says so: a hang, a crash and
    an empty suite are outcomes. Raises InfrastructureError only where the sandbox itself could not start.
    """
    command = environment.driver_command("tests", (), tree, hash_seed=hash_seed, writable=True, limits=limits)
    listener = Listener(SourceIndex(tree, recipe.sources, environment.subdirectory), record)
    options: dict[str, object] = {
        "pytest_args": [*recipe.pytest_args, *recipe.tests],
        "ids": None if ids is None else list(ids),
        "mode": mode,
        "record": [
            {"module": one.module, "qualname": one.qualname, "path": f"{PROJECT}/{one.path}", "line": one.line}
            for one in record
        ],
        "seed": hash_seed,
        "root": PROJECT,
    }
    with sandbox.spawn(command) as process:
        try:
            problem, forged = _listen(process, listener, options, limits), False
        except LineForged as error:
            problem, forged = str(error), True
        finished = process.stop() if problem else process.wait(timeout_s=EXIT_S)
    problem = problem or listener.problem()
    if not listener.ended:
        problem = _how_it_ended(finished, listener, limits, problem)
    report = TestReport(
        cases=listener.cases(),
        collected=tuple(listener.collected),
        requested=None if ids is None else tuple(ids),
        import_failures=tuple(listener.import_failures),
        ended=Ended.EXITED if listener.ended else finished.ended,
        problem=problem,
        forged=forged,
        seconds=finished.wall_s,
        tail=finished.tail(),
        hash_seed=hash_seed,
        scope=scope or ("full" if ids is None else "impacted"),
    )
    run = SuiteRun(report=report, touched=listener.touched() if mode == "touch" else None)
    if mode == "sample":
        run = replace(run, profile=listener.profile())
    return replace(run, recordings=listener.recordings() if mode == "record" else ())


def _listen(process: Process, listener: Listener, options: dict[str, object], limits: Limits) -> str:
    """Take frames until the end; a sentence where what came was nonsense, empty where it ended or broke off.

    Raises LineForged.
    """
    line = FrameLine(process)
    deadline = time.monotonic() + limits.wall_s + START_S
    try:
        line.send(options, timeout_s=START_S)
        while not listener.ended:
            listener.take(line.receive(timeout_s=max(0.01, deadline - time.monotonic())))
    except (MalformedFrameError, MalformedStacksError) as error:
        return f"the run's report is not in order ({error})"
    except LineForged:
        raise
    except (LineBroken, TimeoutError):
        return ""
    return ""


def _how_it_ended(finished: Finished, listener: Listener, limits: Limits, problem: str) -> str:
    where = f" while {listener.running} ran" if listener.running else " before any test ran"
    if not listener.running and listener.collected:
        where = " between two tests"
    how = {
        Ended.TIMEOUT: f"it was stopped at its limit of {limits.wall_s:.0f} s",
        Ended.MEMORY: f"it went over its limit of {limits.memory_bytes // (1 << 20)} MiB of memory",
        Ended.OUTPUT: "it printed more than its limit on standard error",
        Ended.SIGNALLED: f"signal {finished.signal} ended the process",
        Ended.EXITED: f"the process exited with code {finished.exit_code}",
        Ended.STOPPED: problem or "it was stopped",
    }[finished.ended]
    return how + where
