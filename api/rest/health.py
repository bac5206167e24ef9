"""Whether the process lives, and whether it can do its work."""

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import text

from api.rest.service import Service, service_of

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(service: Annotated[Service, Depends(service_of)]) -> dict[str, str]:
    """The database answers."""
    with service.store.database.reading() as connection:
        connection.execute(text("SELECT 1"))
    return {"status": "ok"}
