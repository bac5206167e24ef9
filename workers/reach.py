"""Whether what the service stands upon can be reached; what is said of it names no address and no user."""

import logging
import os

from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database
from storage.migrate import HEAD
from tools.errors import InfrastructureError
from workers.settings import Settings

TIMEOUT_S = 2.0

_log = logging.getLogger(__name__)


def database_problem(database: Database) -> str | None:
    """What is wrong with the database; None where it answers and has the schema of this version or of a later one."""
    try:
        revision = database.revision()
    except (InfrastructureError, SQLAlchemyError) as error:
        _log.warning("the database does not answer: %s", error)
        return "does not answer"
    if revision is None or revision < HEAD:  # a newer one is what the next version brings before it takes over
        return f"its schema is {revision or 'missing'}, and this version needs {HEAD}"
    return None


def broker_problem(settings: Settings) -> str | None:
    """What is wrong with the broker; None where it answers."""
    if settings.broker_url is None:
        return None if os.access(settings.home, os.W_OK | os.X_OK) else "its folder cannot be written"
    url = settings.broker_url.get_secret_value()
    if not url.startswith(("redis://", "rediss://", "unix://")):
        return None  # whatever Celery makes of it: only Redis is asked
    from redis import Redis, RedisError  # noqa: PLC0415 - where there is one
    from redis.backoff import NoBackoff  # noqa: PLC0415
    from redis.retry import Retry  # noqa: PLC0415

    once = Retry(NoBackoff(), 0)
    try:
        with Redis.from_url(url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=once) as broker:
            broker.ping()
    except (RedisError, OSError, ValueError) as error:
        _log.warning("the broker does not answer: %s", type(error).__name__)
        return "does not answer"
    return None
