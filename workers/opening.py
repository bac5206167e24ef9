"""The store of the service, as the settings name it."""

from storage.resealing import reseal
from storage.store import Store, open_store
from workers.settings import Settings


def open_service(settings: Settings) -> Store:
    """Open it; a SQLite file of the home is brought up to date, a database by its URL has to be.

    Where the secret key holds several keys, what others than the first have sealed is sealed anew. Raises UserError
    that names `hasten migrate` where it is not.
    """
    url, key = settings.database_url, settings.secret_key
    store = open_store(
        settings.home,
        None if url is None else url.get_secret_value(),
        settings.blobs_url,
        secret_key=None if key is None else key.get_secret_value(),
        migrates=url is None,
    )
    if key is not None and "," in key.get_secret_value():
        reseal(store.database, store.sealer)
    return store
