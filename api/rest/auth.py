"""Who calls: a key in the `Authorization` header, and what it may do."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, HTTPException, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.rest.service import Service, service_of
from storage.jobs import LOCAL
from storage.tenants import MAIN, Caller, Scope
from workers.context import note

_bearer = HTTPBearer(auto_error=False, description="An API key, as `Authorization: Bearer hst_...`.")


def caller_of(
    service: Annotated[Service, Depends(service_of)],
    given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Caller:
    """The caller of a request; answers 401 where there is no key that holds."""
    caller = service.store.tenants.caller(given.credentials) if given else None
    if caller is None:
        detail = "send a key that holds, as `Authorization: Bearer hst_...`"
        raise HTTPException(401, detail, headers={"WWW-Authenticate": "Bearer"})
    note(tenant=caller.tenant, key=caller.key_id)
    return caller


def allowed(scope: Scope) -> Callable[[Caller], Caller]:
    """A dependency that lets a caller through whose key has the scope, and answers 403 to others."""

    def check(caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
        if scope not in caller.scopes:
            raise HTTPException(403, f"this key may not do that: it needs the scope `{scope}`")
        return caller

    return check


def seen_by(caller: Caller) -> tuple[str, ...]:
    """Whose jobs a caller sees: the tenant's own, and the operator of `main` those of the command line here."""
    both = caller.tenant == MAIN and Scope.OPERATOR in caller.scopes
    return (caller.tenant, LOCAL) if both else (caller.tenant,)


Reader = Annotated[Caller, Depends(allowed(Scope.READ))]
Writer = Annotated[Caller, Depends(allowed(Scope.WRITE))]
Admin = Annotated[Caller, Depends(allowed(Scope.ADMIN))]
Operator = Annotated[Caller, Depends(allowed(Scope.OPERATOR))]
