"""What one home remembers: its jobs and their blobs."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from storage.bundle.form import Caps
from storage.bundle.importing import Imported, import_job
from storage.bundle.writing import export_job, export_to
from storage.calibrations import SqlCalibrations
from storage.credentials import SqlCredentials
from storage.database import Database
from storage.following import SqlFollowing
from storage.gauges import SqlGauges
from storage.jobs import LOCAL, SqlJobs
from storage.limits import Limits
from storage.listing import SqlListing
from storage.places import Place, open_own, open_place
from storage.playbook import SqlPlaybook
from storage.queue import SqlQueue
from storage.reviews import SqlReviews
from storage.sealing import Sealer, kept_key
from storage.sending import SqlSending
from storage.stored import KeptBlobs
from storage.tallies import SqlTallies
from storage.tenants import SqlTenants
from storage.webhooks import SqlWebhooks
from storage.workers import SqlWorkers
from tools.errors import UserError


@dataclass(frozen=True, kw_only=True)
class Store:
    """An open home; leaving it as a context manager closes it, and jobs it still ran count as interrupted."""

    home: Path
    jobs: SqlJobs
    queue: SqlQueue
    listing: SqlListing
    reviews: SqlReviews
    workers: SqlWorkers
    following: SqlFollowing
    gauges: SqlGauges
    tallies: SqlTallies
    tenants: SqlTenants
    credentials: SqlCredentials
    webhooks: SqlWebhooks
    sending: SqlSending
    sealer: Sealer
    blobs: KeptBlobs
    own_blobs: KeptBlobs
    """What this home alone looks up again; the same as `blobs` where these are a folder of the home."""
    places: Sequence[Place]
    """Where all of these are."""
    calibrations: SqlCalibrations
    playbook: SqlPlaybook
    database: Database

    def export(self, job_id: str, path: Path) -> str:
        """Write everything of a job that has ended to a file; the digest of what it holds.

        Raises UserError: 404 where there is no such job, 409 where it has not ended.
        """
        return export_to(self.database, self.blobs, job_id, path, self.jobs.state(job_id).status)

    def export_into(self, job_id: str, file: IO[bytes], *, tenant: str) -> str:
        """The same for a job of a tenant, into a file that is open; another tenant's job is not there (404)."""
        return export_job(self.database, self.blobs, job_id, file, tenant=tenant)

    def take_in(
        self,
        file: IO[bytes],
        *,
        tenant: str = LOCAL,
        name: str | None = None,
        caps: Caps | None = None,
        limits: Limits | None = None,
    ) -> Imported:
        """Take a job in from an archive that anybody may have made, as the tenant's.

        Raises UserError: 422 for one that is damaged or newer, 413 for one that is too large, 409 for an id that is
        another job's; QuotaError where the `limits` allow no more jobs today.
        """
        caps = caps or Caps()
        return import_job(
            self.database,
            self.blobs,
            file,
            tenant=tenant,
            name=name,
            caps=caps,
            limits=limits,
            scratch=self.home,
        )

    def close(self) -> None:
        """Give up this process's claims and close the database."""
        self.jobs.release()
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(
    home: Path,
    database_url: str | None = None,
    blobs_url: str | None = None,
    *,
    patience_s: float = 0.0,
    secret_key: str | None = None,
    migrates: bool = True,
) -> Store:
    """Open the memory below `home`, making the folder and bringing the database up to date.

    The database is a SQLite file of the home, and blobs are in a folder of it, where no URL names another place; a
    database that is away is waited for `patience_s`. Secrets are sealed with a key that a file of the home holds, made
    when it is first needed, where none is given. With `migrates=False` the database has to be up to date.
    Raises UserError where the folder cannot be written or holds something else's database.
    """
    make_home(home)
    database = Database(database_url or home / "hasten.db", patience_s, schema="migrate" if migrates else "check")
    own = open_own(home)
    place = open_place(blobs_url, home, database) if blobs_url else own
    blobs = place.blobs
    jobs = SqlJobs(database, blobs, home / "running")
    sealer = Sealer(secret_key if secret_key is not None else lambda: kept_key(home))
    return Store(
        home=home,
        jobs=jobs,
        queue=SqlQueue(database, blobs),
        listing=SqlListing(database, jobs),
        reviews=SqlReviews(database),
        workers=SqlWorkers(database),
        following=SqlFollowing(database),
        gauges=SqlGauges(database),
        tallies=SqlTallies(database),
        tenants=SqlTenants(database),
        credentials=SqlCredentials(database, sealer),
        webhooks=SqlWebhooks(database, sealer),
        sending=SqlSending(database, sealer),
        sealer=sealer,
        blobs=blobs,
        own_blobs=own.blobs,
        places=(place,) if place is own else (place, own),
        calibrations=SqlCalibrations(database),
        playbook=SqlPlaybook(database),
        database=database,
    )


def make_home(home: Path) -> None:
    """Make the folder that everything is kept below; raises UserError where that cannot be or may not be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not os.access(home, os.W_OK | os.X_OK):
            raise PermissionError(13, "no permission to write")
    except OSError as error:
        raise UserError(
            f"cannot keep anything in {home} ({error.strerror}); set HASTEN_HOME to a folder you may write", status=422
        ) from error
