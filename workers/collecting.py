"""When old jobs and blobs that nothing refers to are removed: by a command, and now and then by a worker's sweeper."""

from datetime import timedelta

from storage.collect import Collected, Rules, collect_places
from storage.retention import Retention
from storage.store import Store
from storage.sweeps import Sweeps
from workers.settings import Settings

EVERY = timedelta(hours=24)
SWEEPER_S = 60.0
"""How long a sweeper collects at a time; it goes on the next time where it did not come to the end."""


def collect(
    store: Store, settings: Settings, *, dry_run: bool = False, limit_s: float = float("inf")
) -> Collected | None:
    """Remove what is older than it may become, and what nothing refers to; None where another collector is at work."""
    retention = Retention(jobs_days=settings.keep_jobs_days, steps_days=settings.keep_steps_days)
    rules = Rules(retention=retention, known_days=settings.keep_known_days)
    return collect_places(store.database, store.home, store.places, rules, dry_run=dry_run, limit_s=limit_s)


def collect_when_due(store: Store, settings: Settings) -> Collected | None:
    """The same for a while, where the last one ended a day ago or was not finished; None where nothing is due.

    It costs one small query where nothing is due: a sweeper may call it whenever it sweeps.
    """
    with store.database.reading() as connection:
        moment = store.database.moment(connection)
    for place in store.places:
        sweeps = Sweeps(store.database, place.name)
        if sweeps.under_way or sweeps.ended is None or sweeps.ended < moment - EVERY:
            return collect(store, settings, limit_s=SWEEPER_S)
    return None
