"""Stages of a job on paper: the real search with its sessions, in a world whose evidence is known; no sandbox."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from habitual import Habitual
from known_world import KNOWN
from paper_desk import paper_baseline

from agent.baseline import Baseline
from agent.domain import Job, Model, StepKind
from agent.kit import Kit
from agent.models.messages import Reply, Request
from agent.optimizer import advance
from agent.policies.choose import make_policy
from agent.policies.search import Aim, Search
from agent.protocols import Blobs, Policy
from agent.result import JobResult, JudgeResult
from tools.errors import InfrastructureError, UserError
from workers.reporting import Reported
from workers.stages import Prepared

MODEL = Model(name="test:habitual")
FILES = {"shop.py": "def match(orders):\n    return orders\n"}
HOLD = "hold"
"""While the folder of a test has a file of this name, the model does not answer."""


@dataclass
class Tally:
    """The model of habits; what it is asked is written into a file, and it may be held up."""

    folder: Path

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        with (self.folder / "asked").open("a") as file:
            file.write(f"{request.digest}\n")
        while (self.folder / HOLD).exists():
            time.sleep(0.01)
        return Habitual().reply(request, timeout_s=timeout_s)


@dataclass(frozen=True)
class PaperStages:
    """Prepared at once; what a job is to meet stands in its `bench`."""

    folder: Path

    def prepare(self, job: Job, kit: Kit) -> Prepared:
        kit.journal.append(StepKind.NOTE, "prepared")
        if job.bench == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if job.bench == "nonsense":
            raise UserError("it cannot be meant; say something else", status=422)
        if job.bench == "bug":
            raise KeyError("secret detail")
        if job.bench == "network":
            tries = len(kit.journal.steps(StepKind.NOTE))
            if tries < 3:
                raise InfrastructureError("the index cannot be reached", retryable=True)
        return cast(Prepared, SimpleNamespace(stands=True, baseline=baseline(self.folder)))

    def advance(self, job: Job, prepared: Prepared, kit: Kit) -> bool:
        kit = replace(kit, chat=Tally(self.folder))
        return advance(job, prepared.baseline, policy(job), {}, kit, KNOWN)

    def finish(self, job: Job, prepared: Prepared, kit: Kit) -> JobResult:
        del job, prepared
        kit.journal.append(StepKind.FINISH, "done")
        return cast(JobResult, [entry.candidate.number for entry in kit.archive.entries() if entry.verdict.kept])

    def judge(self, job: Job, patch: str, kit: Kit) -> JudgeResult:
        del job, kit
        return cast(JudgeResult, patch)


class PaperReports:
    """Reports of the above."""

    def of_job(self, result: JobResult, blobs: Blobs) -> Reported:
        del blobs
        kept = cast(Sequence[int], result)
        return Reported(detail=f"{len(kept)} kept", report=as_json(numbers=kept))

    def of_judgement(self, result: JudgeResult, blobs: Blobs) -> Reported:
        del blobs
        return Reported(detail="KEPT", report=as_json(patch=result))


def as_json(**fields: Any) -> Mapping[str, object]:
    return dict(fields)


def policy(job: Job) -> Policy:
    return make_policy(job.strategy, Search(aims=(Aim(name="shop:match", share=0.5),), models=job.models, seed=0))


def baseline(folder: Path) -> Baseline:
    made = paper_baseline(folder / "paper", FILES)
    cast(Any, made).named = (SimpleNamespace(name="a workload"),)
    return made
