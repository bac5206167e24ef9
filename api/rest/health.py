"""Whether the process lives, and whether it can do its work."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.rest.pages import answer
from api.rest.problems import RETRY_AFTER_S, problem
from api.rest.service import Held
from workers.reach import broker_problem, database_problem

router = APIRouter(tags=["operation"])


class Health(BaseModel):
    """The process lives."""

    status: str


class Readiness(BaseModel):
    """The process can do its work."""

    status: str
    checks: dict[str, str] = Field(description="`ok` for each part that it needs.")


@router.get("/healthz")
def healthz() -> Health:
    """The process lives."""
    return Health(status="ok")


@router.get("/readyz", response_model=Readiness)
def readyz(service: Held) -> Response:
    """The database answers and has the schema of this version, and the broker can be reached; 503 says what is not."""
    found = {"database": database_problem(service.store.database), "broker": broker_problem(service.settings)}
    wrong = [{"at": name, "problem": said} for name, said in found.items() if said]
    if wrong:
        sentence = "; ".join(f"the {one['at']}: {one['problem']}" for one in wrong)
        return problem(503, sentence, errors=wrong, headers={"Retry-After": str(RETRY_AFTER_S)})
    return answer(Readiness(status="ok", checks=dict.fromkeys(found, "ok")))
