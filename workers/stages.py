"""The stages of a job as tasks run them: prepared once in each process, then round by round, then finished."""

from dataclasses import dataclass
from typing import Protocol

from agent.baseline import Baseline, prepare
from agent.bench import Plans
from agent.calibration import calibrate
from agent.domain import Job, StepKind
from agent.finish import finish
from agent.judging import judge_patch
from agent.kit import Kit
from agent.optimizer import advance
from agent.policies.choose import make_policy
from agent.policies.search import search_of
from agent.protocols import Journal
from agent.result import JobResult, JudgeResult
from workers.quiet import quiet

PREPARED = "prepared"
"""Of a step's data: where the job was prepared."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """The unchanged code of a job in one process."""

    baseline: Baseline
    plans: Plans
    problem: str | None
    """Why nothing may be judged here."""

    @property
    def stands(self) -> bool:
        """Whether its files are still there: a cache may have been emptied."""
        side = self.baseline.side
        return side.tree.is_dir() and side.environment.venv.is_dir()


class Stages(Protocol):
    """What a task can do with a job; tests have others."""

    def prepare(self, job: Job, kit: Kit) -> Prepared:
        """Prepare and calibrate, or find again what was found here before."""

    def advance(self, job: Job, prepared: Prepared, kit: Kit) -> bool:
        """One round; False where there is none left."""

    def finish(self, job: Job, prepared: Prepared, kit: Kit) -> JobResult:
        """Sum the job up."""

    def judge(self, job: Job, patch: str, kit: Kit) -> JudgeResult:
        """The whole of a job that judges a patch."""


class RealStages:
    """As `agent/optimizer.py` puts them together."""

    def prepare(self, job: Job, kit: Kit) -> Prepared:
        """Prepare and calibrate; another process of this host that does so again writes nothing of it."""
        again = _was_prepared(kit.journal, kit.place)
        told = quiet(kit) if again else kit
        baseline, plans = prepare(job, told), Plans()
        problem = calibrate(job, baseline, plans, kit)
        if not again:
            title = f"prepared: {len(baseline.targets)} targets, {len(baseline.suite.stable)} tests pass"
            kit.journal.append(StepKind.JOB, title, {PREPARED: kit.place})
        return Prepared(baseline=baseline, plans=plans, problem=problem)

    def advance(self, job: Job, prepared: Prepared, kit: Kit) -> bool:
        """One round; False where there is none left, or where nothing may be judged."""
        if prepared.problem:
            return False
        policy = make_policy(job.strategy, search_of(job, prepared.baseline))
        return advance(job, prepared.baseline, policy, prepared.plans, kit)

    def finish(self, job: Job, prepared: Prepared, kit: Kit) -> JobResult:
        """Minimise, combine, confirm, sum up."""
        return finish(job, prepared.baseline, prepared.plans, kit, prepared.problem)

    def judge(self, job: Job, patch: str, kit: Kit) -> JudgeResult:
        """Anybody's patch against the unchanged code."""
        return judge_patch(job, patch, kit)


def _was_prepared(journal: Journal, place: str) -> bool:
    return any(step.data.get(PREPARED) == place for step in journal.steps(StepKind.JOB))
