"""`/v1/tenants`: whom jobs belong to, and what each may have. For operators."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import BeforeValidator, ConfigDict, Field

from api.rest.auth import Operator
from api.rest.keys import MadeKeyPart, made_part
from api.rest.pages import answer
from api.rest.paths import TenantId
from api.rest.service import Held
from api.rest.shown import Shown
from api.rest.strict import Real, Strict, Whole
from storage.jobs import LOCAL
from storage.limits import DEFAULT, NEW_TENANT, Days, Limits
from storage.tenants import Scope, Tenant
from tools.errors import UserError

router = APIRouter(prefix="/v1/tenants", tags=["tenants"])

MOST = 10**12
Count = Annotated[Whole | None, Field(ge=0, le=MOST)]
Amount = Annotated[Real, Field(ge=0, le=MOST)]
MOST_DAYS = 100_000
"""No moment lies further back than databases reach."""


def _as_days(given: Any) -> Any:
    """Pydantic's own sentence names one of the forms alone."""
    if given is None or given == DEFAULT or (type(given) is int and 1 <= given <= MOST_DAYS):
        return given
    raise ValueError(f'write 1 to {MOST_DAYS} days, null to keep them for ever, or "{DEFAULT}"')


KeptDays = Annotated[Annotated[Whole, Field(ge=1, le=MOST_DAYS)] | Literal["default"] | None, BeforeValidator(_as_days)]


class LimitsAsked(Strict):
    """What a tenant may have; what is left out stays as it is, null is no limit."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"running_jobs": 4, "usd_per_month": 200}]})

    queued_jobs: Count = Field(default=None, description="Waiting for their first worker.")
    running_jobs: Count = Field(default=None, description="At once; those beyond it wait in the queue.")
    jobs_per_day: Count = Field(default=None, description="Within any 24 hours, imports with them.")
    usd_per_month: Amount | None = Field(default=None, description="Dollars of models, by calendar months in UTC.")
    requests_per_s: Annotated[Real, Field(ge=0.01, le=MOST)] | None = Field(
        default=None, description="Of one key, on average; twice as many may come at once."
    )
    job_wall_s: Amount = Field(default=Limits.job_wall_s, description="The most `budget.wall_s` of one job.")
    job_candidates: Whole = Field(default=Limits.job_candidates, ge=1, le=MOST, description="Likewise.")
    job_model_calls: Whole = Field(default=Limits.job_model_calls, ge=0, le=MOST, description="Likewise.")
    job_tokens: Whole = Field(default=Limits.job_tokens, ge=0, le=MOST, description="Likewise.")
    job_usd: Amount = Field(default=Limits.job_usd, description="Likewise.")
    keep_jobs_days: KeptDays = Field(
        default=DEFAULT,
        description="Ended jobs are removed after so many days; null keeps them for ever, `default` is what the "
        "service's settings say.",
    )
    keep_steps_days: KeptDays = Field(
        default=DEFAULT, description="Likewise their conversations and raw samples alone."
    )


class TenantAsked(Strict):
    """A tenant to be made."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": "acme", "name": "Acme", "limits": {"running_jobs": 4}}]}
    )

    id: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,31}$", description="Small letters, digits and dashes.")
    name: str = Field(min_length=1, max_length=200)
    limits: LimitsAsked = Field(default=LimitsAsked(), description="Where they differ from those of a new tenant.")


class LimitsPart(Shown):
    """What a tenant may have; null is no limit, and `default` what the service's settings say."""

    queued_jobs: int | None
    running_jobs: int | None
    jobs_per_day: int | None
    usd_per_month: float | None
    requests_per_s: float | None
    job_wall_s: float
    job_candidates: int
    job_model_calls: int
    job_tokens: int
    job_usd: float
    keep_jobs_days: Days
    keep_steps_days: Days


class TenantPart(Shown):
    """A tenant and what it may have."""

    id: str
    name: str
    created: datetime
    limits: LimitsPart


class MadeTenant(TenantPart):
    """A new tenant with the key of its administrator."""

    key: MadeKeyPart = Field(description="May read, write and administer; told this once.")


class TenantPage(Shown):
    """All tenants, by id."""

    items: list[TenantPart]
    next: str | None = Field(description="Always null: they fit on one page.")


@router.post("", status_code=201, response_model=MadeTenant)
def make(asked: TenantAsked, caller: Operator, service: Held) -> Response:
    """Make a tenant, and the first key of its administrator."""
    del caller
    if asked.id == LOCAL:
        raise UserError(f"{LOCAL!r} is what the command line's jobs belong to; choose another id", status=409)
    tenant = service.store.tenants.add(asked.id, asked.name, _changed(NEW_TENANT, asked.limits))
    scopes = {Scope.READ, Scope.WRITE, Scope.ADMIN}
    key = service.store.tenants.new_key(tenant.id, "administrator", scopes)
    made = MadeTenant(**_part(tenant), key=made_part(key))
    return answer(made, 201, {"Location": f"/v1/tenants/{tenant.id}"})


@router.get("", response_model=TenantPage)
def list_tenants(caller: Operator, service: Held) -> Response:
    """List all tenants."""
    del caller
    return answer(TenantPage(items=[TenantPart(**_part(one)) for one in service.store.tenants.all()], next=None))


@router.get("/{tenant_id:id}", response_model=TenantPart)
def look(tenant_id: TenantId, caller: Operator, service: Held) -> Response:
    """Look at one tenant."""
    del caller
    return answer(TenantPart(**_part(service.store.tenants.get(tenant_id))))


@router.patch("/{tenant_id:id}", response_model=TenantPart)
def limit(tenant_id: TenantId, asked: LimitsAsked, caller: Operator, service: Held) -> Response:
    """Change a tenant's limits; they hold from its next request."""
    del caller
    tenants = service.store.tenants
    return answer(TenantPart(**_part(tenants.limit(tenant_id, _changed(tenants.get(tenant_id).limits, asked)))))


def _changed(limits: Limits, asked: LimitsAsked) -> Limits:
    return Limits(**{**asdict(limits), **asked.model_dump(exclude_unset=True)})


def _part(tenant: Tenant) -> dict[str, Any]:
    limits = LimitsPart(**asdict(tenant.limits))
    return {"id": tenant.id, "name": tenant.name, "created": tenant.created, "limits": limits}
