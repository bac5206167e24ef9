"""What a job of the service may open: what was given for it, its tenant's own, and of this host as little as it needs.

A tenant's caches stand apart, too. A mirror that was fetched with one tenant's token, or an environment that one
tenant's setup script built, is never another's.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from agent.domain import Job
from agent.kit import Kit
from agent.models.access import Access
from storage.credentials import JobSecrets
from storage.tenants import MAIN
from tools.git.credentials import DEFAULT_USER, HOST, TOKEN, USER, place
from tools.git.source import Admission, RemoteSource, parse_source
from tools.redaction import Redactor
from workers.admission import admission_of
from workers.discreet import DiscreetJournal
from workers.models import access_of
from workers.paying import check_paid
from workers.redaction import redactor_of
from workers.settings import Settings

TENANTS = "tenants"
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


@dataclass(frozen=True, kw_only=True)
class Doors:
    """What is opened for one job; nothing secret is shown when it is printed."""

    home: Path
    """Where its mirrors, trees and environments stand."""
    admission: Admission
    git_env: Mapping[str, str]
    access: Access
    redactor: Redactor
    """Hides whatever of this may show."""

    def __repr__(self) -> str:
        return f"Doors(home={self.home})"


def doors_of(settings: Settings, job: Job, tenant: str, secrets: JobSecrets) -> Doors:
    """The doors of a job of `tenant`, whose secrets `store.credentials.of_job` gave.

    Raises UserError for a source that this service does not take, and for models that it does not pay for.
    """
    admission = admission_of(settings, tenant)
    check_paid(settings, tenant, job.models, secrets.providers)
    return Doors(
        home=home_of(settings.home, tenant),
        admission=admission,
        git_env=_git_environment(settings, job, tenant, secrets, admission),
        access=access_of(settings, secrets),
        redactor=redactor_of(settings, secrets.values()),
    )


def through(doors: Doors, kit: Kit) -> Kit:
    """The kit of a job that has these doors and no others.

    Kept rewrites of other jobs stay away: they hold the code of whoever they come from.
    """
    journal = DiscreetJournal(kit.journal, doors.redactor)
    return replace(
        kit, home=doors.home, admission=doors.admission, git_env=doors.git_env, playbook=None, journal=journal
    )


def home_of(home: Path, tenant: str) -> Path:
    """Where a tenant's caches stand."""
    plain = tenant if _PLAIN.fullmatch(tenant) else hashlib.sha256(tenant.encode()).hexdigest()[:40]
    return home / TENANTS / plain


def homes(home: Path) -> Iterator[Path]:
    """Every folder with caches: the command line's own, and each tenant's."""
    yield home
    yield from sorted(path for path in (home / TENANTS).glob("*") if path.is_dir())


def _git_environment(
    settings: Settings, job: Job, tenant: str, secrets: JobSecrets, admission: Admission
) -> Mapping[str, str]:
    source = parse_source(job.source, admission)
    if isinstance(source, RemoteSource) and (token := secrets.git.get(place(source).lower())):
        trust = settings.git_trust()
        return {**trust, TOKEN: token.get_secret_value(), USER: DEFAULT_USER, HOST: place(source)}
    return settings.git_environment() if tenant == MAIN else settings.git_trust()
