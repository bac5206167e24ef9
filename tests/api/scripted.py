"""Runners that play a script instead of a job: what people see is real, what happens is not."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from agent.domain import Candidate, Job, Origin, Outcome, Spend, StepKind, Verdict
from agent.evidence import Application, Build, Compared, Evidence, Guard, Hints, Sighting, Tested, Timed, Touches
from agent.protocols import Entry, Progress
from agent.result import BaselineSummary, Chosen, Combined, JobResult, JudgeResult, WorkloadSummary
from agent.scaffold import Scaffold
from api.cli.runners import Runners
from storage.store import Store
from tools.errors import UserError
from tools.git.snapshot import Snapshot
from tools.measure.estimate import Estimate
from tools.profile.left_out import LeftOut
from tools.profile.targets import Target
from workers.settings import Settings

COMMIT = "1f" * 20
PATCH = """\
--- a/shop/stock.py
+++ b/shop/stock.py
@@ -1,2 +1,2 @@
 def total(prices):
-    return slow_sum(prices)
+    return sum(prices)
"""
WORKLOAD = "benchmarks/orders.py"
MACHINE = {
    "system": "Linux 6.1.0",
    "architecture": "x86_64",
    "processor": "A Processor @ 2.60GHz",
    "cores": 2,
    "memory_bytes": 8 << 30,
    "python": "3.11.7",
    "sandbox": "bubblewrap",
    "sandbox_degraded": [],
}


def estimate(point: float, *, high: float | None = None) -> Estimate:
    return Estimate(point=point, low=point * 0.96, high=high or point * 1.05, level=0.95, pairs=15)


def evidence(speedup: Estimate) -> tuple[Evidence, ...]:
    guards = (Guard(name="peak memory", passed=True, detail="1.00 times as much"),)
    return (
        Touches(),
        Sighting(),
        Application(),
        Hints(),
        Build(),
        Tested(passed=41, failed=0, flaky=1, scope="impacted", hash_seeds=(0,)),
        Compared(cases=240, fresh=200),
        Timed(
            stage="confirm",
            decision="faster",
            detail="a gain of 2% or less is ruled out at level 0.0061",
            speedup=speedup,
            clock="cpu",
            workload=WORKLOAD,
            fresh=True,
            guards=guards,
            alpha=0.0061,
        ),
        Tested(passed=12, failed=0, flaky=0, scope="impacted", hash_seeds=(1, 2)),
    )


def kept(number: int, point: float, summary: str, target: str, *caveats: str) -> Entry:
    speedup = estimate(point, high=math.inf if caveats else None)
    verdict = Verdict(outcome=Outcome.KEPT, reason=f"{speedup} on {WORKLOAD}", speedup=speedup, caveats=caveats)
    candidate = Candidate(
        number=number, patch=PATCH, parents=(0,), origin=Origin.REWRITE, summary=summary, target=target
    )
    return Entry(candidate=candidate, verdict=verdict, evidence=evidence(speedup))


def rejected(number: int, outcome: Outcome, reason: str, target: str) -> Entry:
    candidate = Candidate(
        number=number, patch=PATCH, parents=(0,), origin=Origin.REWRITE, summary="sort for an extremum", target=target
    )
    return Entry(candidate=candidate, verdict=Verdict(outcome=outcome, reason=reason))


ENTRIES = (
    kept(1, 1.42, "membership in a list that is built once: look it up in a set", "shop.stock:allocate"),
    rejected(
        2,
        Outcome.NOT_EQUIVALENT,
        "newest([{'id': 1, 'at': 3}, {'id': 2, 'at': 3}]) gave {'id': 2, 'at': 3} before and {'id': 1, 'at': 3} now",
        "shop.orders:newest",
    ),
    rejected(3, Outcome.NOT_FASTER, "gains of 5% are ruled out (benchmarks/orders.py)", "shop.report:render_all"),
    kept(4, 2.1, "pop(0) in a loop: a deque", "shop.queues:OrderQueue.drain", "cache: mind its memory"),
    rejected(5, Outcome.TESTS_FAILED, "tests/test_stock.py::test_dup fails", "shop.stock:merge"),
    rejected(6, Outcome.NOT_FASTER, "the median of 12 pairs is no gain (benchmarks/orders.py)", "shop.report:render"),
)


@dataclass(kw_only=True)
class Script:
    """What the scripted runners do; before the first candidate, `problem` is raised or `on_search` is called.

    `missing` says why the code cannot be taken; `tree` is where it stands.
    """

    entries: tuple[Entry, ...] = ENTRIES
    commit: str = COMMIT
    on_search: Callable[[], None] = lambda: None
    problem: Exception | None = None
    pause_s: float = 0.0
    missing: str = ""
    tree: Path = Path("/tree")
    judged: Entry = field(default_factory=lambda: ENTRIES[0])
    together: Combined | None = None
    profiles: tuple[str, str] | None = None
    """Digests of folded stacks, before and after."""
    stacked: bool = False
    patches: list[str] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    def runners(self) -> Runners:
        return Runners(
            optimize=self.optimize, judge=self.judge, profile=self.profile, workload=self.workload, take=self.take
        )

    def take(self, settings: Settings, job: Job) -> Snapshot:
        del settings
        if self.missing:
            raise UserError(self.missing, status=404)
        return replace(snapshot(job, self.commit), tree=self.tree)

    def optimize(
        self,
        settings: Settings,
        job: Job,
        progress: Progress,
        store: Store,
        *,
        resume: bool,
        stacked: bool,
        record: Path | None,
    ) -> JobResult:
        del settings, resume, record
        self.stacked = stacked
        self.jobs.append(job)
        journal, archive = store.jobs.journal(job.id), store.jobs.archive(job.id)
        self._prepare(job, progress)
        journal.append(StepKind.PROFILE, "3 targets")
        if self.profiles:
            journal.append(StepKind.PROFILE, "profile of orders.py", {"folded": self.profiles[0]})
            journal.append(
                StepKind.PROFILE, "profile of what is delivered", {"folded": self.profiles[1], "delivered": True}
            )
        progress.phase("search", "shop.stock:allocate on candidate 0")
        self._search()
        known = {entry.candidate.number for entry in archive.entries()}
        for entry in self.entries:
            if entry.candidate.number in known:
                continue
            for activity in ("impacted tests", "same behaviour?", "confirm: pair 7/60"):
                progress.candidate(entry.candidate, activity)
                time.sleep(self.pause_s)
            archive.add(entry.candidate, entry.verdict, entry.evidence)
            journal.append(StepKind.VERDICT, entry.verdict.reason, candidate=entry.candidate.number)
            progress.verdict(entry.candidate, entry.verdict)
            progress.spent(Spend(wall_s=31 * entry.candidate.number, candidates=entry.candidate.number))
        progress.phase("finish", "everything kept, together")
        time.sleep(self.pause_s)
        found = [entry for entry in self.entries if entry.verdict.kept]
        return JobResult(
            job=job,
            snapshot=snapshot(job, self.commit),
            machine=MACHINE,
            recipe_notes=("pytest from pyproject.toml",),
            baseline=baseline(),
            entries=archive.entries(),
            kept=found,
            combined=self.together or combined(found),
            spend=Spend(wall_s=186.5, candidates=len(self.entries)),
            ended="every target was tried",
            chosen=(Chosen(target="shop.stock:allocate", workload="benchmark test_parse", why="the repository's own"),),
        )

    def judge(self, settings: Settings, job: Job, patch: str, progress: Progress, store: Store) -> JudgeResult:
        del settings, store
        self.jobs.append(job)
        self.patches.append(patch)
        self._prepare(job, progress)
        self._search()
        return JudgeResult(
            job=job,
            entry=self.judged,
            snapshot=replace(snapshot(job, self.commit), tree=self.tree),
            machine=MACHINE,
            baseline=baseline(Path(job.workload).read_text() if job.workload else None),
            spend=Spend(wall_s=40.0, candidates=1),
        )

    def profile(self, settings: Settings, job: Job, progress: Progress, store: Store) -> BaselineSummary:
        del settings, store
        self._prepare(job, progress)
        return baseline()

    def workload(self, settings: Settings, job: Job, progress: Progress, store: Store) -> Scaffold:
        del settings, store
        self._prepare(job, progress)
        checks = (("it runs", True, "on every input"), ("it reaches the target", False, "not run by it"))
        return Scaffold(text="def run(made): ...\n", through=job.target or "", checks=checks)

    def _search(self) -> None:
        if self.problem:
            raise self.problem
        self.on_search()

    def _prepare(self, job: Job, progress: Progress) -> None:
        progress.phase("snapshot", job.source)
        progress.phase("environment")
        for detail in ("creating the environment", "installing pytest", "installing the project"):
            progress.phase("environment", detail)
            time.sleep(self.pause_s)
        for run in (1, 2, 3):
            progress.phase("tests", f"run {run} of 3")
            time.sleep(self.pause_s)
        progress.note("41 tests pass; 1 flaky set aside")
        progress.phase("calibration", "pair 3/8")
        time.sleep(self.pause_s)


def combined(found: list[Entry]) -> Combined | None:
    if not found:
        return None
    return Combined(
        patch=PATCH,
        speedup=estimate(2.95),
        workload=WORKLOAD,
        detail="2.95x on benchmarks/orders.py: a gain of 2% or less is ruled out at level 0.00068",
        candidates=tuple(entry.candidate.number for entry in found),
    )


def snapshot(job: Job, commit: str) -> Snapshot:
    return Snapshot(source=job.source, commit=commit, tree=Path("/tree"), uncommitted=("notes.txt",))


def baseline(text: str | None = None) -> BaselineSummary:
    return BaselineSummary(
        passed=41,
        failed=0,
        flaky=1,
        scope="full",
        set_aside=("tests/test_net.py::test_clock",),
        workloads=(WorkloadSummary(name=WORKLOAD, kind="file", fresh=True, detail="sizes 100, 1000", text=text),),
        targets=(
            make_target("shop.queues:OrderQueue.drain", 0.31, 0.36),
            make_target("shop.stock:allocate", 0.224, 0.9),
        ),
        left_out=(LeftOut(why="generated code", functions=2, own_share=0.12, examples=("shop/tables.py",)),),
    )


def make_target(name: str, own: float, cumulative: float) -> Target:
    module, _, qualname = name.partition(":")
    path = module.replace(".", "/") + ".py"
    return Target(
        module=module, qualname=qualname, path=path, line=1, own_share=own, cumulative_share=cumulative, covered_by=3
    )
