"""Whom jobs belong to, and the keys that they come with. A key itself is kept nowhere."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, insert, or_, select, update

from storage.database import Database
from storage.rows import now
from storage.tables import api_keys, tenants
from tools.errors import UserError

PREFIX = "hst_"
MAIN = "main"
"""The tenant of the administrator's key."""
USED_S = 60.0
"""How exactly it is remembered when a key was last used."""


class Scope(StrEnum):
    """What a key may do; none includes another."""

    READ = "read"
    """See the tenant's jobs."""
    WRITE = "write"
    """Submit and steer jobs."""
    ADMIN = "admin"
    """The tenant's keys, credentials and webhooks."""
    OPERATOR = "operator"
    """All tenants, their limits, and the service's metrics."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks: a key of a tenant."""

    tenant: str
    key_id: str
    name: str
    scopes: frozenset[Scope]
    limits: Mapping[str, Any]
    """Of the tenant, where they differ from the service's own."""


class SqlTenants:
    """Tenants and their keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ensure(self, tenant: str, name: str) -> None:
        """Make a tenant, where there is none of that id."""
        with self._database.writing() as connection:
            if connection.execute(select(tenants.c.id).where(tenants.c.id == tenant)).first() is None:
                connection.execute(insert(tenants).values(id=tenant, name=name, created=now(), limits={}))

    def make_key(
        self,
        tenant: str,
        name: str,
        scopes: Collection[Scope],
        *,
        expires: datetime | None = None,
        key: str | None = None,
    ) -> str:
        """A new key, told this once; `key` is one that was made elsewhere. Raises UserError for one that is taken."""
        made = key or PREFIX + secrets.token_urlsafe(32)
        row = {
            "id": secrets.token_hex(8),
            "tenant": tenant,
            "name": name,
            "digest": digest_of(made),
            "scopes": sorted(scopes),
            "created": now(),
            "expires": expires,
        }
        with self._database.writing() as connection:
            if connection.execute(select(api_keys.c.id).where(api_keys.c.digest == row["digest"])).first():
                raise UserError("this key is in use already", status=409)
            connection.execute(insert(api_keys).values(row))
        return made

    def caller(self, key: str) -> Caller | None:
        """Whose key it is; None for one that is unknown, revoked or expired."""
        moment = now()
        usable = and_(
            api_keys.c.digest == digest_of(key),
            api_keys.c.revoked.is_(None),
            or_(api_keys.c.expires.is_(None), api_keys.c.expires > moment),
        )
        query = select(api_keys, tenants.c.limits).join(tenants, tenants.c.id == api_keys.c.tenant).where(usable)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        if row.used is None or moment - row.used > timedelta(seconds=USED_S):
            with self._database.writing() as connection:
                connection.execute(update(api_keys).where(api_keys.c.id == row.id).values(used=moment))
        return Caller(
            tenant=row.tenant,
            key_id=row.id,
            name=row.name,
            scopes=frozenset(Scope(one) for one in row.scopes),
            limits=row.limits,
        )


def digest_of(key: str) -> str:
    """What is kept of a key: it is long and random, so that a plain digest cannot be turned round."""
    return hashlib.sha256(key.encode()).hexdigest()
