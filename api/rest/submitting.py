"""From a request to a job that is on disk: the one way that jobs of the service come to be."""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import TypeVar

from pydantic import BaseModel

from agent.domain import Budget, Model, Spend
from agent.models.catalogue import REPLAY
from agent.policies.choose import checked
from agent.protocols import JobState, JobStatus
from api.asking import JUDGE, Request, make_job
from api.rest.asked import Asked, BudgetAsked, JobAsked, JudgementAsked
from api.rest.service import Service
from storage.jobs import JUDGEMENT, OPTIMIZE
from storage.limits import check_budget, limits_of, within
from storage.listing import JobRow
from storage.submission import Submission
from storage.tenants import Caller
from tools.errors import UserError
from tools.git.patch import PatchError, parse_patch
from workers.admission import admission_of
from workers.context import note
from workers.models import models_of
from workers.paying import check_paid

ID_BYTES = 8
T = TypeVar("T")
OF_FIELDS = {
    "min_gain": "goal.min_gain",
    "hoped_gain": "goal.hoped_gain",
    "candidates": "budget.candidates",
    "wall_s": "budget.wall_s",
    "usd": "budget.usd",
    "tokens": "budget.tokens",
    "model_calls": "budget.model_calls",
    "seed": "seed",
    "target": "target",
    "bench": "workload.command",
    "workload": "workload",
}
"""What a request calls each thing that can be wrong."""


def submit_job(asked: JobAsked, caller: Caller, service: Service, key: str | None) -> JobRow:
    """Queue a job, which is an earlier one where the key was used for the same request.

    Raises UserError, one sentence, for what cannot be meant (422), what the tenant may not (403) or not now (429).
    """
    checked_strategy, models = _as_asked(lambda: (checked(asked.strategy), _models(asked, caller, service)))
    request = replace(
        _request(asked, caller),
        strategy=checked_strategy,
        selector=asked.selector,
        models=models,
        since=asked.since,
        fresh=asked.fresh,
    )
    return _submit(request, asked, caller, service, Submission(tenant=caller.tenant, kind=OPTIMIZE, key=key))


def submit_judgement(asked: JudgementAsked, caller: Caller, service: Service, key: str | None) -> JobRow:
    """Queue the judgement of a patch; raises as `submit_job`."""
    _check_patch(asked)
    if asked.target is not None and asked.workload is not None:
        raise UserError("target and workload both say what to measure; give one of them", status=422)
    request = replace(_request(asked, caller), strategy=JUDGE)
    submission = Submission(tenant=caller.tenant, kind=JUDGEMENT, key=key, judged=asked.patch.encode())
    return _submit(request, asked, caller, service, submission)


def _submit(request: Request, asked: Asked, caller: Caller, service: Service, submission: Submission) -> JobRow:
    job = _as_asked(
        lambda: make_job(request, service.settings, OF_FIELDS, admission_of(service.settings, caller.tenant))
    )
    job = replace(job, id=secrets.token_hex(ID_BYTES))
    limits = limits_of(caller.limits)
    check_budget(job.budget, limits)
    submission = replace(
        submission,
        digest=_digest(submission.kind, asked),
        limits=limits,
        sealed=service.store.credentials.sealed_for(caller.tenant, job.id, asked.credentials),
    )
    span = service.traces.job(job.id).begin("submit")
    try:
        job_id = service.store.queue.submit(job, submission)
    finally:
        span.end()
    note(job=job_id)
    if job_id != job.id:
        return service.store.listing.find(job_id, (caller.tenant,))
    service.tell(job_id)
    state = JobState(status=JobStatus.QUEUED, spend=Spend())
    return JobRow(job=job, tenant=caller.tenant, kind=submission.kind, state=state)


def _request(asked: Asked, caller: Caller) -> Request:
    workload = asked.workload
    return Request(
        source=asked.repository,
        ref=asked.ref,
        subdirectory=asked.subdirectory,
        target=asked.target,
        bench=workload.command if workload else None,
        workload_text=workload.text if workload else None,
        workload_path=workload.path if workload else None,
        recipe=asked.recipe.model_dump(by_alias=True, exclude_unset=True) if asked.recipe else None,
        min_gain=asked.goal.min_gain if asked.goal else None,
        hoped_gain=asked.goal.hoped_gain if asked.goal else None,
        budget=_budget(asked.budget, caller),
        seed=asked.seed,
    )


def _budget(asked: BudgetAsked, caller: Caller) -> Budget:
    given = asked.model_dump(exclude_none=True)
    return Budget(**{**asdict(within(limits_of(caller.limits))), **given})


def _models(asked: JobAsked, caller: Caller, service: Service) -> tuple[Model, ...]:
    if asked.models == []:
        return ()
    models = models_of(service.settings, asked.models or ())
    if not service.settings.allow_local_repositories and any(one.name.startswith(f"{REPLAY}:") for one in models):
        raise UserError(f"models: a {REPLAY} is a file of the service's own machine, which this one does not take")
    if models:
        brought = service.store.credentials.providers(caller.tenant, asked.credentials)
        check_paid(service.settings, caller.tenant, models, brought)
    return models


def _check_patch(asked: JudgementAsked) -> None:
    try:
        parse_patch(asked.patch)
    except PatchError as error:
        raise UserError(f"patch: {error}", status=422) from error


def _as_asked(make: Callable[[], T]) -> T:
    """What is made of a request; whatever is wrong with it is wrong in its body."""
    try:
        return make()
    except UserError as error:
        raise UserError(str(error), status=422) from error


def _digest(kind: str, asked: BaseModel) -> str:
    """By which a request is known again; a secret is part of it as its name alone."""
    plain = json.dumps([kind, asked.model_dump(mode="json", by_alias=True)], sort_keys=True)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
