"""Runs a project's test suite in a sandbox: plainly, or looking on as it runs (touched functions, stacks, calls)."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from tools.impact import Touched
from tools.profile.lines import Metered, Place, Sampled
from tools.profile.profile import MalformedStacksError, Profile
from tools.profile.source import SourceIndex
from tools.recipe.environment import PROJECT, Environment
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Ended, Finished, Limits, Process, Reading, Sandbox
from tools.sandbox.frames import FrameLine, LineBroken, LineForged
from tools.suiteframes import Listener, MalformedFrameError
from tools.testreport import Scope, SetAside, TestReport
from tools.trace.calls import Trace
from tools.workload.recording import Recording, Wanted

Mode = Literal["plain", "touch", "sample", "record", "time", "memory", "trace"]
START_S = 30.0
"""Time for the sandbox to take the options, and to report an end that its own limit brought about."""
EXIT_S = 10.0
"""After the suite's end: for threads and exit handlers of the target."""
START_TESTS = 3.0
"""pytest itself, its plugins and the conftest files may take as long as this many tests."""
LEAST_SHARE = 0.2
"""Of silent time, counts in any case, however busy the processors were with others."""
METERED_S = 20.0
"""Lines are metered, which is slow, for so long at most."""
TICK_S = 1.0
"""How often whoever watches is told how far the run has come."""


@dataclass(frozen=True, kw_only=True)
class SuiteOrder:
    """What one run of a suite is to do."""

    ids: Sequence[str] | None = None
    """The tests to run, by name; None for all."""
    left_out: Sequence[str] = ()
    """Tests and test files that are not to run whatever `ids` says."""
    mode: Mode = "plain"
    record: Sequence[Wanted] = ()
    """Mode `record`: the functions whose calls are kept."""
    places: Sequence[Place] = ()
    """Mode `trace`: the functions whose calls are followed. Modes `time` and `memory`: the one function whose lines are
    metered; mode `sample`: the one whose samples are told apart by line, if any."""
    record_s: float | None = None
    """Mode `record`: what pickling those calls may take in all, about; None for as long as it takes."""
    hash_seed: int
    limits: Limits
    patience_s: float = math.inf
    """A test, or the import of a test file, that takes longer than this is taken to hang, and the run is ended."""
    most_s: float | None = None
    """Begin no test later than this after collection; the run then ends well, and its report says that it was cut."""
    collect_s: float | None = None
    """Import no test file later than this; the report names those passed over. Only beside `most_s`."""
    scope: Scope | None = None


@dataclass(frozen=True, kw_only=True)
class Moment:
    """How far a run has come."""

    done: int
    """Tests that came to their end."""
    of: int
    """Tests that are to run; 0 while they are not known."""
    running: str | None
    """The test that runs, or the file that is being imported."""
    running_s: float
    """For how long."""


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
    sampled: Mapping[int, Sampled] = field(default_factory=dict)
    """Mode `sample`, with a place: its lines."""
    metered: Metered | None = None
    """Modes `time` and `memory`; None where the run ended before it could say."""
    trace: Trace | None = None
    """Mode `trace`; None where the run ended before it could say."""


def run_suite(
    sandbox: Sandbox,
    environment: Environment,
    tree: Path,
    recipe: Recipe,
    order: SuiteOrder,
    watch: Callable[[Moment], None] = lambda _: None,
) -> SuiteRun:
    """Run the suite on one side's `tree`, as `order` says; `watch` is told how far it has come, about once a second.

    The tree is a private copy that tests may write to. However the run ends, the report says so: a hang, a crash and
    an empty suite are outcomes. Raises InfrastructureError only where the sandbox itself could not start.
    """
    limits = order.limits
    command = environment.driver_command("tests", (), tree, hash_seed=order.hash_seed, writable=True, limits=limits)
    sources = SourceIndex(tree, recipe.sources, environment.subdirectory)
    listener = Listener(sources, order.record, may_be_cut=order.most_s is not None)
    heard = _Heard()
    with sandbox.spawn(command) as process:
        try:
            heard = _listen(process, listener, _options(recipe, order), order, watch)
        except LineForged as error:
            heard = _Heard(problem=str(error), forged=True)
        finished = process.stop() if heard.problem else process.wait(timeout_s=EXIT_S)
    run = SuiteRun(
        report=_report(finished, listener, heard, order),
        touched=listener.touched() if order.mode == "touch" else None,
    )
    if order.mode == "sample":
        run = replace(run, profile=listener.profile(), sampled=listener.sampled())
    if order.mode in ("time", "memory", "trace"):
        run = replace(run, metered=listener.metered(), trace=listener.trace())
    return replace(run, recordings=listener.recordings() if order.mode == "record" else ())


def _options(recipe: Recipe, order: SuiteOrder) -> dict[str, object]:
    return {
        "pytest": recipe.uses_pytest,
        "pytest_args": [*recipe.pytest_args, *recipe.tests, *recipe.test_scripts],
        "scripts": list(recipe.test_scripts),
        "commands": list(recipe.test),
        "ids": None if order.ids is None else list(order.ids),
        "left_out": list(order.left_out),
        "most_s": order.most_s,
        "collect_s": order.collect_s,
        "mode": order.mode,
        "record": [
            {"module": one.module, "qualname": one.qualname, "path": f"{PROJECT}/{one.path}", "line": one.line}
            for one in order.record
        ],
        "record_s": order.record_s,
        "seed": order.hash_seed,
        "root": PROJECT,
        "place": order.places[0].sent if order.places else None,
        "functions": [place.sent for place in order.places],
        "metered_s": METERED_S,
    }


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """How listening ended, apart from what was heard."""

    problem: str = ""
    forged: bool = False
    hangs: bool = False


def _listen(
    process: Process,
    listener: Listener,
    options: dict[str, object],
    order: SuiteOrder,
    watch: Callable[[Moment], None],
) -> _Heard:
    """Take frames until the end, or until there was none for too long. Raises LineForged."""
    line = FrameLine(process)
    clock = _Clock()
    deadline = clock.begun_s + order.limits.wall_s + START_S
    try:
        line.send(options, timeout_s=START_S)
        while not listener.ended:
            clock.tell(watch, listener)
            try:
                frame = line.receive(timeout_s=TICK_S)
            except TimeoutError:
                clock.wait(process.reading())
                if listener.running and clock.silent_s > order.patience_s:
                    return _Heard(problem=f"it had not ended after {order.patience_s:.0f} s", hangs=True)
                if clock.silent_s > START_TESTS * order.patience_s:
                    return _Heard(problem=f"nothing was heard of it for {clock.silent_s:.0f} s", hangs=True)
                if time.monotonic() > deadline:
                    return _Heard()
                continue
            clock.heard()
            listener.take(frame)
    except (MalformedFrameError, MalformedStacksError) as error:
        return _Heard(problem=f"the run's report is not in order ({error})")
    except LineForged:
        raise
    except LineBroken:
        return _Heard()
    return _Heard()


@dataclass(kw_only=True)
class _Clock:
    """When something was last heard, and when whoever watches was last told."""

    begun_s: float = field(default_factory=time.monotonic)
    told_s: float = 0.0
    silent_s: float = 0.0
    """Since something was heard; of time that the processors were busy with others, the least part."""
    _last: Reading | None = None

    def heard(self) -> None:
        self.silent_s, self._last = 0.0, None

    def wait(self, now: Reading) -> None:
        """Some time went by in silence."""
        passed_s, waited_s = TICK_S, 0.0
        if self._last is not None:
            passed_s = now.wall_s - self._last.wall_s
            waited_s = max(0.0, (now.waited_s or 0.0) - (self._last.waited_s or 0.0))
        self.silent_s += max(LEAST_SHARE * passed_s, passed_s - waited_s)
        self._last = now

    def tell(self, watch: Callable[[Moment], None], listener: Listener) -> None:
        if time.monotonic() - self.told_s < TICK_S:
            return
        self.told_s = time.monotonic()
        of = len(listener.collected)
        watch(Moment(done=listener.done, of=of, running=listener.running, running_s=self.silent_s))


def _report(finished: Finished, listener: Listener, heard: _Heard, order: SuiteOrder) -> TestReport:
    problem = heard.problem or listener.problem()
    stopper = None
    if not listener.ended:
        how = _how_it_ended(finished, order.limits, problem)
        problem = how + _where(listener)
        # A run that is over its own limit is nobody's fault in particular.
        if listener.running and not heard.forged and (heard.hangs or finished.ended not in _OURS):
            stopper = SetAside(id=listener.running, why=f"{'hangs' if heard.hangs else 'ends the run'} ({how})")
    return TestReport(
        cases=listener.cases(),
        collected=tuple(listener.collected),
        uncollected=tuple(listener.uncollected),
        requested=None if order.ids is None else tuple(order.ids),
        import_failures=tuple(listener.import_failures),
        ended=Ended.EXITED if listener.ended else finished.ended,
        problem=problem,
        stopper=stopper,
        cut=listener.cut,
        forged=heard.forged,
        seconds=finished.wall_s,
        tail=finished.tail(),
        hash_seed=order.hash_seed,
        scope=order.scope or ("full" if order.ids is None else "impacted"),
    )


_OURS = {Ended.TIMEOUT, Ended.STOPPED}


def _how_it_ended(finished: Finished, limits: Limits, problem: str) -> str:
    return {
        Ended.TIMEOUT: f"it was stopped at its limit of {limits.wall_s:.0f} s",
        Ended.MEMORY: f"it went over its limit of {limits.memory_bytes // (1 << 20)} MiB of memory",
        Ended.OUTPUT: f"it printed more than {limits.output_bytes // (1 << 20)} MiB on standard error",
        Ended.SIGNALLED: f"signal {finished.signal} ended the process",
        Ended.EXITED: f"the process exited with code {finished.exit_code}",
        Ended.STOPPED: problem or "it was stopped",
    }[finished.ended]


def _where(listener: Listener) -> str:
    if listener.running:
        return f" while {listener.running} ran"
    return " between two tests" if listener.collected else ""
