"""`/v1/keys`: the keys of a tenant, each told once."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from api.rest.auth import Admin
from api.rest.pages import answer
from api.rest.paths import KeyId
from api.rest.service import Held
from api.rest.shown import Shown
from api.rest.strict import Moment, Strict, Whole
from storage.tenants import Caller, Key, MadeKey, Scope
from tools.errors import UserError

LONGEST_GRACE_S = 30 * 24 * 3600
GRACE_S = 24 * 3600

router = APIRouter(prefix="/v1/keys", tags=["keys"])


class KeyAsked(Strict):
    """A key to be made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "nightly", "scopes": ["read", "write"]}]})

    name: str = Field(min_length=1, max_length=200, description="What it is for.")
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))] = Field(
        description="What it may do: `read` jobs, `write` them, `admin` the tenant's keys, be an `operator`."
    )
    expires: Moment | None = Field(default=None, description="When it holds no more; never, without.")


class RotateAsked(Strict):
    """How a key is replaced."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"grace_s": 3600}]})

    grace_s: Whole = Field(
        default=GRACE_S, ge=0, le=LONGEST_GRACE_S, description="For how long the old key holds beside the new one."
    )


class KeyPart(Shown):
    """What is told of a key."""

    id: str
    name: str
    scopes: list[Scope]
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    used: datetime | None = Field(description="When it was last used, to the minute.")


class MadeKeyPart(KeyPart):
    """A key, told this once."""

    key: str = Field(description="Send it as `Authorization: Bearer KEY`. It is kept nowhere.")


class KeyPage(Shown):
    """All keys of a tenant, the newest first."""

    items: list[KeyPart]
    next: str | None = Field(description="Always null: they fit on one page.")


@router.post("", status_code=201, response_model=MadeKeyPart)
def make(asked: KeyAsked, caller: Admin, service: Held) -> Response:
    """Make a key of the tenant; it is told in this answer and never again."""
    _check_scopes(asked.scopes, caller)
    if asked.expires is not None and asked.expires <= datetime.now(UTC):
        raise UserError("expires lies in the past: give a moment to come, or leave it out", status=422)
    made = service.store.tenants.new_key(caller.tenant, asked.name, set(asked.scopes), expires=asked.expires)
    return answer(made_part(made), 201, {"Location": f"/v1/keys/{made.id}"})


@router.get("", response_model=KeyPage)
def list_keys(caller: Admin, service: Held) -> Response:
    """List the tenant's keys, those too that hold no more; none is told again."""
    return answer(KeyPage(items=[_part(key) for key in service.store.tenants.keys(caller.tenant)], next=None))


@router.post("/{key_id:id}:rotate", status_code=201, response_model=MadeKeyPart)
def rotate(key_id: KeyId, caller: Admin, service: Held, asked: RotateAsked | None = None) -> Response:
    """Replace a key by a new one of the same name and scopes; the old one holds for a while longer."""
    for key in service.store.tenants.keys(caller.tenant):
        if key.id == key_id:
            _check_scopes([Scope(one) for one in key.scopes], caller)
    made = service.store.tenants.rotate(caller.tenant, key_id, (asked or RotateAsked()).grace_s)
    return answer(made_part(made), 201, {"Location": f"/v1/keys/{made.id}"})


@router.delete("/{key_id:id}", status_code=204)
def revoke(key_id: KeyId, caller: Admin, service: Held) -> Response:
    """Revoke a key: it holds no more from this moment."""
    service.store.tenants.revoke(caller.tenant, key_id)
    return Response(status_code=204)


def made_part(made: MadeKey) -> MadeKeyPart:
    """A new key as the API tells it."""
    return MadeKeyPart(**{name: getattr(made, name) for name in MadeKeyPart.model_fields})


def _part(key: Key) -> KeyPart:
    return KeyPart(**{name: getattr(key, name) for name in KeyPart.model_fields})


def _check_scopes(wanted: Collection[Scope], caller: Caller) -> None:
    """Who administers a tenant decides who sees and steers it; what goes beyond the tenant only an operator gives."""
    if Scope.OPERATOR in set(wanted) - caller.scopes:
        raise UserError(f"this key may not give the scope `{Scope.OPERATOR}`: it does not have it", status=403)
