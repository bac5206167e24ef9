"""Whether the process lives, and whether it can do its work."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.rest.service import Held
from workers.reach import broker_problem, database_problem

router = APIRouter(tags=["operation"])


class Health(BaseModel):
    """Whether the process lives."""

    status: str = Field(examples=["ok"])


class Readiness(BaseModel):
    """Whether the process can do its work, and what keeps it from that."""

    status: str = Field(examples=["ok"], description="`ok`, or `not ready`.")
    checks: dict[str, str] = Field(
        examples=[{"database": "ok", "broker": "ok"}], description="`ok`, or what is wrong, for each part it needs."
    )


@router.get("/healthz")
def healthz() -> Health:
    """The process lives."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"model": Readiness}})
def readyz(response: Response, service: Held) -> Readiness:
    """The database answers and has the schema of this version, and the broker can be reached."""
    problems = {"database": database_problem(service.store.database), "broker": broker_problem(service.settings)}
    ready = not any(problems.values())
    response.status_code = 200 if ready else 503
    checks = {name: problem or "ok" for name, problem in problems.items()}
    return Readiness(status="ok" if ready else "not ready", checks=checks)
