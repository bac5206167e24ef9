"""A tenant's own secrets: given, named and forgotten, never told again."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.rest.auth import Admin
from api.rest.problems import Problem
from api.rest.service import Service, service_of
from storage.credentials import MOST_VALUE_CHARACTERS

ANSWERS = {status: {"model": Problem} for status in (401, 403, 422, 503)}
Name = Annotated[
    str,
    Field(
        max_length=200,
        pattern="^(git|model|url):[a-z0-9]",
        description="`git:HOST`, `model:PROVIDER` or `url:openai`, in lower case.",
        examples=["git:github.com"],
    ),
]

router = APIRouter(prefix="/v1/credentials", tags=["credentials"], responses=ANSWERS)  # type: ignore[arg-type]


class NewCredential(BaseModel):
    """A secret of the tenant, for all of its jobs."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: Name
    value: SecretStr = Field(
        min_length=1,
        max_length=MOST_VALUE_CHARACTERS,
        description="A token, a key, or the address where an API like OpenAI's begins. It is stored encrypted.",
        examples=["ghs_example"],
    )


class CredentialShown(BaseModel):
    """What is told of a secret."""

    name: str = Field(examples=["git:github.com"])
    changed: datetime


class CredentialPage(BaseModel):
    """All secrets of the tenant, by name."""

    items: list[CredentialShown]
    next: str | None = Field(default=None, description="Always null: they fit on one page.")


@router.put("", status_code=204, responses={409: {"model": Problem}})
def put_credential(given: NewCredential, caller: Admin, service: Annotated[Service, Depends(service_of)]) -> Response:
    """Keep a secret, in place of an earlier one of its name; jobs that begin a round from now on use it."""
    service.store.credentials.put(caller.tenant, given.name, given.value)
    return Response(status_code=204)


@router.get("")
def list_credentials(caller: Admin, service: Annotated[Service, Depends(service_of)]) -> CredentialPage:
    """Names and dates; a value is never told."""
    found = service.store.credentials.list(caller.tenant)
    return CredentialPage(items=[CredentialShown(name=one.name, changed=one.changed) for one in found])


@router.delete("/{name}", status_code=204, responses={404: {"model": Problem}})
def forget_credential(
    name: Annotated[str, Path(examples=["git:github.com"])],
    caller: Admin,
    service: Annotated[Service, Depends(service_of)],
) -> Response:
    """Forget a secret; jobs that begin a round from now on go without it."""
    service.store.credentials.forget(caller.tenant, name)
    return Response(status_code=204)
