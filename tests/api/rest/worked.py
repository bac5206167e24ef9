"""A worker that plays a script: it takes a submitted job and ends it, with all that a real one leaves behind."""

from pathlib import Path
from typing import Any

import scripted
from silent import Silence

from agent.domain import StepKind
from agent.protocols import JobStatus
from api.reporting import judgement_of, report_of
from storage.store import Store
from workers.settings import Settings

FOLDED = "shop/stock.py:total;shop/sums.py:slow_sum 48211\n"


def work(store: Store, job_id: str) -> None:
    """Take the job and bring it to its end."""
    lease = store.queue.claim(job_id, "a scripted worker")
    assert lease is not None
    job = store.jobs.get(job_id)
    settings, progress = Settings(home=store.home), Silence()
    digest = store.blobs.put(FOLDED.encode())
    script = scripted.Script(profiles=(digest, digest), tree=Path("/nowhere"))
    report: Any
    if job.strategy == "judge":
        judged = script.judge(settings, job, scripted.PATCH, progress, store)
        report = judgement_of(judged, store.blobs)
        store.queue.end(lease, JobStatus.FINISHED, spend=judged.spend, report=report.model_dump(mode="json"))
        return
    found = script.optimize(settings, job, progress, store, resume=False, stacked=False, record=None)
    kept = [entry.candidate.number for entry in found.kept]
    store.jobs.journal(job_id, lease).append(StepKind.FINISH, "2 kept", {"kept": kept})
    report = report_of(found, store.blobs)
    detail = "2 kept, 2.95x"
    store.queue.end(lease, JobStatus.FINISHED, spend=found.spend, detail=detail, report=report.model_dump(mode="json"))
