"""A tenant's own secrets and those of one job: encrypted, told to nobody but the worker that needs them."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import and_, delete, insert, select, update

from storage.database import Database
from storage.limits import hold
from storage.rows import now
from storage.sealing import Sealer
from storage.tables import credentials, jobs
from tools.errors import UserError

MOST_VALUE_CHARACTERS = 8192
MOST_CREDENTIALS = 100
"""Of one tenant, and of one job."""
GIT, MODEL, URL = "git", "model", "url"
"""What a name begins with: a token for a git host, a key for a provider of models, and where that one's API begins."""
OWN_ADDRESS = "openai"
"""The one provider whose address may be given: servers of one's own and gateways speak its language."""
_NAME = re.compile(
    rf"(?:{GIT}:(?P<host>[a-z0-9](?:[a-z0-9.-]{{0,180}}[a-z0-9])?(?::[0-9]{{1,5}})?)"
    rf"|(?:{MODEL}|{URL}):(?P<provider>[a-z0-9][a-z0-9_-]{{0,60}}))"
)
_VALUE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, kw_only=True)
class Credential:
    """What is told of one: never its value."""

    name: str
    changed: datetime


@dataclass(frozen=True, kw_only=True)
class JobSecrets:
    """What a job may use; nothing of it is shown when this is printed."""

    git: Mapping[str, SecretStr] = field(default_factory=dict)
    """Tokens by host, with its port where that is not 443."""
    models: Mapping[str, SecretStr] = field(default_factory=dict)
    """Keys by provider."""
    urls: Mapping[str, SecretStr] = field(default_factory=dict)
    """Where providers' APIs begin, by provider; they may hold credentials."""

    @property
    def providers(self) -> frozenset[str]:
        """Of models, that there is a key or an address for."""
        return frozenset((*self.models, *self.urls))

    def values(self) -> tuple[SecretStr, ...]:
        """All of them, to be hidden wherever they show."""
        return (*self.git.values(), *self.models.values(), *self.urls.values())


class SqlCredentials:
    """Credentials of tenants and of jobs."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    def put(self, tenant: str, name: str, value: SecretStr) -> None:
        """Keep a credential, in place of an earlier one of its name.

        Raises UserError for a name or a value that is none, and where the tenant has too many.
        """
        check_credential(name, value)
        sealed = self._sealer.seal(value.get_secret_value().encode(), tenant, name)
        mine = and_(credentials.c.tenant == tenant, credentials.c.name == name)
        values = {"sealed": sealed, "changed": now()}
        with self._database.writing() as connection:
            hold(connection, tenant)
            if connection.execute(update(credentials).where(mine).values(values)).rowcount:
                return
            owned = select(credentials.c.name).where(credentials.c.tenant == tenant)
            if len(connection.execute(owned).all()) >= MOST_CREDENTIALS:
                raise UserError(f"a tenant has at most {MOST_CREDENTIALS} credentials: forget one first", status=409)
            connection.execute(insert(credentials).values(tenant=tenant, name=name, **values))

    def list(self, tenant: str) -> Sequence[Credential]:
        """Names and dates of a tenant's credentials, by name."""
        query = select(credentials.c.name, credentials.c.changed).where(credentials.c.tenant == tenant)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(credentials.c.name)).all()
        return [Credential(name=row.name, changed=row.changed) for row in rows]

    def providers(self, tenant: str, given: Iterable[str]) -> frozenset[str]:
        """Providers of models that a tenant, or one job with what was `given` by name, has a key or an address for."""
        names = (*given, *(one.name for one in self.list(tenant)))
        return frozenset(of for kind, _, of in (name.partition(":") for name in names) if kind in (MODEL, URL))

    def forget(self, tenant: str, name: str) -> None:
        """Remove a credential; raises UserError (404) where the tenant has none of that name."""
        mine = and_(credentials.c.tenant == tenant, credentials.c.name == name)
        with self._database.writing() as connection:
            if connection.execute(delete(credentials).where(mine)).rowcount == 0:
                raise UserError(f"there is no credential {name!r}", status=404)

    def sealed_for(self, tenant: str, job_id: str, given: Mapping[str, SecretStr]) -> bytes | None:
        """Credentials given with one job, for `Submission.sealed`; None where there are none.

        Raises UserError for a name or a value that is none.
        """
        if not given:
            return None
        if len(given) > MOST_CREDENTIALS:
            raise UserError(f"a job has at most {MOST_CREDENTIALS} credentials", status=422)
        for name, value in given.items():
            check_credential(name, value)
        plain = json.dumps({name: value.get_secret_value() for name, value in given.items()})
        return self._sealer.seal(plain.encode(), tenant, job_id, "job")

    def of_job(self, job_id: str) -> JobSecrets:
        """What a job may use: what was given with it, before what its tenant has.

        Raises UserError (404) where there is no such job, InfrastructureError where the secret key is not the one that
        sealed them.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(jobs.c.tenant, jobs.c.sealed).where(jobs.c.id == job_id)).first()
            if row is None:
                raise UserError(f"there is no job {job_id!r}", status=404)
            mine = select(credentials.c.name, credentials.c.sealed).where(credentials.c.tenant == row.tenant)
            of_tenant = connection.execute(mine).all()
        found = {one.name: self._sealer.open(one.sealed, row.tenant, one.name).decode() for one in of_tenant}
        if row.sealed is not None:
            found |= json.loads(self._sealer.open(row.sealed, row.tenant, job_id, "job"))
        return _sorted_out(found.items())


def check_credential(name: str, value: SecretStr) -> None:
    """Raises UserError where a name is not of the forms that are known, or a value holds what no secret holds."""
    known = _NAME.fullmatch(name)
    if not known:
        raise UserError(
            f"{name[:80]!r} names no credential; write git:HOST, model:PROVIDER or {URL}:{OWN_ADDRESS}, in lower case",
            status=422,
        )
    if name.startswith(f"{URL}:") and known["provider"] != OWN_ADDRESS:  # it would be told to the public one instead
        raise UserError(
            f"{name} is not supported: only {URL}:{OWN_ADDRESS} says where an API begins; write a model behind an "
            f"address of your own as {OWN_ADDRESS}:NAME",
            status=422,
        )
    plain = value.get_secret_value()
    if not _VALUE.fullmatch(plain) or len(plain) > MOST_VALUE_CHARACTERS:
        raise UserError(
            f"the value of {name} must be 1 to {MOST_VALUE_CHARACTERS} printable ASCII characters without spaces",
            status=422,
        )


def _sorted_out(found: Iterable[tuple[str, str]]) -> JobSecrets:
    kinds: dict[str, dict[str, SecretStr]] = {GIT: {}, MODEL: {}, URL: {}}
    for name, value in found:
        kind, _, of = name.partition(":")
        kinds[kind][of] = SecretStr(value)
    return JobSecrets(git=kinds[GIT], models=kinds[MODEL], urls=kinds[URL])
