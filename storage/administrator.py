"""The key that a service begins with: made once, or given by whoever runs it."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.rows import now
from storage.tables import api_keys, tenants
from storage.tenants import MAIN, PREFIX, Scope, digest_of
from tools.errors import UserError

MADE, GIVEN = "administrator", "HASTEN_API_KEY"
"""Names of the two kinds of such keys."""
SHORTEST = 16
"""Of a key that was given; only its digest is kept, so it must not be one that can be guessed."""


def first_key(database: Database, given: str | None) -> str | None:
    """Make sure that somebody may administer the service; a key that was made now, to be shown this once.

    `given` becomes a key, and takes the place of the one that was given before. Raises UserError for one that is
    short, or that holds no more.
    """
    if given is not None and len(given) < SHORTEST:
        raise UserError(f"HASTEN_API_KEY is too short to be safe; give at least {SHORTEST} characters", status=422)
    _ensure_tenant(database)
    with database.writing() as connection:
        # Whoever starts at the same moment waits here.
        connection.execute(select(tenants.c.id).where(tenants.c.id == MAIN).with_for_update())
        if given is not None:
            _take(connection, given)
            return None
        moment = now()
        holds = and_(
            api_keys.c.tenant == MAIN,
            api_keys.c.revoked.is_(None),
            or_(api_keys.c.expires.is_(None), api_keys.c.expires > moment),
        )
        if connection.execute(select(api_keys.c.id).where(holds)).first():
            return None
        made = PREFIX + secrets.token_urlsafe(32)
        connection.execute(insert(api_keys).values(_row(MADE, made, moment)))
    return made


def _ensure_tenant(database: Database) -> None:
    with database.reading() as connection:
        if connection.execute(select(tenants.c.id).where(tenants.c.id == MAIN)).first():
            return
    try:
        with database.writing() as connection:
            connection.execute(insert(tenants).values(id=MAIN, name=MAIN, created=now(), limits={}))
    except IntegrityError:  # another process was first; it did the same
        return


def _take(connection: Connection, given: str) -> None:
    digest, moment = digest_of(given), now()
    known = connection.execute(
        select(api_keys.c.revoked, api_keys.c.expires).where(api_keys.c.digest == digest)
    ).first()
    if known is not None and (known.revoked or (known.expires and known.expires <= moment)):
        what = "was revoked" if known.revoked else "has expired, as one that was rotated does"
        raise UserError(f"the key in HASTEN_API_KEY {what}: it holds no more; set another one", status=422)
    if known is None:
        earlier = and_(api_keys.c.tenant == MAIN, api_keys.c.name == GIVEN, api_keys.c.revoked.is_(None))
        connection.execute(update(api_keys).where(earlier).values(revoked=moment))
        connection.execute(insert(api_keys).values(_row(GIVEN, given, moment)))


def _row(name: str, key: str, moment: datetime) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(8),
        "tenant": MAIN,
        "name": name,
        "digest": digest_of(key),
        "scopes": sorted(Scope),
        "created": moment,
    }
