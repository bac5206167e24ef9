"""Whom jobs belong to, and the keys that they come with. A key itself is kept nowhere."""

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Database
from storage.limits import Limits, hold, limits_of, limits_to_json
from storage.rows import now
from storage.tables import api_keys, tenants
from tools.errors import UserError

PREFIX = "hst_"
MAIN = "main"
"""The tenant of the administrator's key."""
MOST_KEYS = 1_000
"""Of one tenant, without those that were revoked."""
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


@dataclass(frozen=True, kw_only=True)
class Key:
    """What is remembered of a key."""

    id: str
    name: str
    scopes: Sequence[str]
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    used: datetime | None
    """To the minute; None for one that was never used."""


@dataclass(frozen=True, kw_only=True)
class MadeKey(Key):
    """A key at the one moment that it is told."""

    key: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """Whom jobs belong to."""

    id: str
    name: str
    created: datetime
    limits: Limits


class SqlTenants:
    """Tenants and their keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ensure(self, tenant: str, name: str) -> None:
        """Make a tenant, where there is none of that id."""
        with self._database.writing() as connection:
            _add(connection, _row(tenant, name, Limits()))

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
        with self._database.writing() as connection:
            return _insert(connection, tenant, name, sorted(scopes), expires, key).key

    def new_key(self, tenant: str, name: str, scopes: Collection[Scope], *, expires: datetime | None = None) -> MadeKey:
        """As `make_key`, with what is remembered of it; raises UserError (409) where the tenant has too many."""
        with self._database.writing() as connection:
            hold(connection, tenant)
            usable = select(func.count()).where(api_keys.c.tenant == tenant, api_keys.c.revoked.is_(None))
            if connection.execute(usable).scalar_one() >= MOST_KEYS:
                raise UserError(f"a tenant has at most {MOST_KEYS} keys: revoke one first", status=409)
            return _insert(connection, tenant, name, sorted(scopes), expires)

    def keys(self, tenant: str) -> Sequence[Key]:
        """A tenant's keys, the newest first, revoked ones too."""
        query = select(*_SHOWN).where(api_keys.c.tenant == tenant)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(api_keys.c.created.desc(), api_keys.c.id)).all()
        return [Key(**row._mapping) for row in rows]

    def rotate(self, tenant: str, key_id: str, grace_s: float) -> MadeKey:
        """A new key that may do what the old one may; the old one holds for `grace_s` longer, never longer than before.

        Raises UserError: 404 for a key the tenant has not, 409 for one that holds no more.
        """
        with self._database.writing() as connection:
            row = self._usable(connection, tenant, key_id)
            made = _insert(connection, tenant, row.name, row.scopes, row.expires)
            ends = now() + timedelta(seconds=grace_s)
            ends = min(ends, row.expires) if row.expires else ends
            connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(expires=ends))
        return made

    def revoke(self, tenant: str, key_id: str) -> None:
        """A key that holds no more from this moment; raises UserError (404) for one the tenant has not."""
        mine = and_(api_keys.c.tenant == tenant, api_keys.c.id == key_id)
        with self._database.writing() as connection:
            if connection.execute(select(api_keys.c.id).where(mine)).first() is None:
                raise UserError(f"there is no key {key_id!r}", status=404)
            connection.execute(update(api_keys).where(mine, api_keys.c.revoked.is_(None)).values(revoked=now()))

    def _usable(self, connection: Connection, tenant: str, key_id: str) -> Row[Any]:
        mine = and_(api_keys.c.tenant == tenant, api_keys.c.id == key_id)
        row = connection.execute(select(api_keys).where(mine).with_for_update()).first()
        if row is None:
            raise UserError(f"there is no key {key_id!r}", status=404)
        if row.revoked or (row.expires and row.expires <= now()):
            raise UserError(f"the key {key_id} holds no more: make a new one", status=409)
        return row

    def add(self, tenant: str, name: str, limits: Limits) -> Tenant:
        """A new tenant; raises UserError (409) where there is one of that id."""
        row = _row(tenant, name, limits)
        with self._database.writing() as connection:
            if not _add(connection, row):
                raise UserError(f"there is a tenant {tenant!r} already", status=409)
        return _tenant(**row)

    def all(self) -> Sequence[Tenant]:
        """Every tenant, by id."""
        with self._database.reading() as connection:
            rows = connection.execute(select(tenants).order_by(tenants.c.id)).all()
        return [_tenant(**row._mapping) for row in rows]

    def get(self, tenant: str) -> Tenant:
        """One tenant; raises UserError (404) where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(select(tenants).where(tenants.c.id == tenant)).first()
        if row is None:
            raise UserError(f"there is no tenant {tenant!r}", status=404)
        return _tenant(**row._mapping)

    def limit(self, tenant: str, limits: Limits) -> Tenant:
        """Give a tenant other limits, which hold from its next request; raises UserError (404) where there is none."""
        values = {"limits": limits_to_json(limits)}
        with self._database.writing() as connection:
            connection.execute(update(tenants).where(tenants.c.id == tenant).values(values))
        return self.get(tenant)

    def caller(self, key: str) -> Caller | None:
        """Whose key it is; None for one that is unknown, revoked or expired."""
        moment = now()
        with self._database.glancing() as connection:
            row = connection.execute(_CALLER, {"digest": digest_of(key), "moment": moment}).first()
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


def _add(connection: Connection, row: Mapping[str, Any]) -> bool:
    """Whether a tenant was made of it: one of its id stays as it is, also one that is made at the same moment."""
    insert_one = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    adding = insert_one(tenants).values(row).on_conflict_do_nothing(index_elements=[tenants.c.id])
    return connection.execute(adding.returning(tenants.c.id)).first() is not None


def _row(tenant: str, name: str, limits: Limits) -> dict[str, Any]:
    return {"id": tenant, "name": name, "created": now(), "limits": limits_to_json(limits)}


def _insert(
    connection: Connection,
    tenant: str,
    name: str,
    scopes: Sequence[str],
    expires: datetime | None,
    key: str | None = None,
) -> MadeKey:
    made = key or PREFIX + secrets.token_urlsafe(32)
    row: dict[str, Any] = {
        "id": secrets.token_hex(8),
        "name": name,
        "scopes": [str(scope) for scope in scopes],
        "created": now(),
        "expires": expires,
    }
    digest = digest_of(made)
    if connection.execute(select(api_keys.c.id).where(api_keys.c.digest == digest)).first():
        raise UserError("this key is in use already", status=409)
    connection.execute(insert(api_keys).values(tenant=tenant, digest=digest, **row))
    return MadeKey(key=made, revoked=None, used=None, **row)


def _tenant(id: str, name: str, created: datetime, limits: Mapping[str, Any]) -> Tenant:
    return Tenant(id=id, name=name, created=created, limits=limits_of(limits))


_CALLER = (
    select(api_keys, tenants.c.limits)
    .join(tenants, tenants.c.id == api_keys.c.tenant)
    .where(
        api_keys.c.digest == bindparam("digest"),
        api_keys.c.revoked.is_(None),
        or_(api_keys.c.expires.is_(None), api_keys.c.expires > bindparam("moment")),
    )
)
"""Asked at every request, so it is put together once."""
_SHOWN = tuple(api_keys.c[field.name] for field in fields(Key))


def digest_of(key: str) -> str:
    """What is kept of a key: it is long and random, so that a plain digest cannot be turned round."""
    return hashlib.sha256(key.encode()).hexdigest()
