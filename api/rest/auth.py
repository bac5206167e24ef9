"""Who calls: a key in the `Authorization` header, and what it may do."""

import math
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.rest.rates import Buckets, size_of
from api.rest.service import Service, service_of
from storage.jobs import LOCAL
from storage.limits import QuotaError, limits_of
from storage.tenants import MAIN, Caller, Scope
from workers.context import note

_bearer = HTTPBearer(auto_error=False, description="An API key, as `Authorization: Bearer hst_...`.")


def caller_of(
    request: Request,
    service: Annotated[Service, Depends(service_of)],
    given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Caller:
    """The caller of a request; answers 401 where there is no key that holds."""
    caller = service.store.tenants.caller(given.credentials) if given else None
    if caller is None:
        detail = "send a key that holds, as `Authorization: Bearer hst_...`"
        raise HTTPException(401, detail, headers={"WWW-Authenticate": "Bearer"})
    note(tenant=caller.tenant, key=caller.key_id)
    _count(request, caller)
    return caller


def _count(request: Request, caller: Caller) -> None:
    """Raises QuotaError where the key asks more often than it may; tells it in any case how often that is."""
    per_s = limits_of(caller.limits).requests_per_s
    if per_s is None:
        return
    buckets: Buckets = request.app.state.buckets
    turn = buckets.take(caller.key_id, per_s)
    request.scope["state"]["headers"] = {
        "RateLimit-Policy": f'"key";q={size_of(per_s):.0f};w={math.ceil(size_of(per_s) / per_s)}',
        "RateLimit": f'"key";r={turn.left};t={math.ceil(turn.wait_s)}',
    }
    if not turn.taken:
        raise QuotaError(
            f"this key may ask {per_s:g} times a second, and asks more often; wait a little",
            retry_after_s=max(1, math.ceil(turn.wait_s)),
        )


def allowed(scope: Scope) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency that lets a caller through whose key has the scope, and answers 403 to others."""

    async def check(caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
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
