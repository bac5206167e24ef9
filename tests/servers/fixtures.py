"""Real servers as fixtures for every test: one of each for a process of pytest, started when first asked for."""

import os
from collections.abc import Iterator

import pytest
import redis as client
from servers import postgres, redis, tied

from storage.database import Database


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Postgres]:
    """A PostgreSQL that may be stopped and started again; skips where there can be none, unless it is required."""
    if reason := postgres.missing():
        tied.give_up(reason)
    with postgres.server() as started:
        yield started


@pytest.fixture(scope="session")
def postgres_server_url(request: pytest.FixtureRequest) -> str:
    """The server that databases are made on: the one that the environment names, else our own."""
    if given := os.environ.get(postgres.GIVEN):
        return given
    own: postgres.Postgres = request.getfixturevalue("postgres_server")
    return own.url


@pytest.fixture(scope="session")
def migrated(postgres_server_url: str) -> Iterator[str]:
    """The name of a database that has every migration, to be copied."""
    with postgres.database(postgres_server_url) as url:
        Database(url).close()
        yield postgres.name_of(url)


@pytest.fixture
def postgres_url(postgres_server_url: str, migrated: str) -> Iterator[str]:
    """A database of this test alone: every table, no row."""
    with postgres.database(postgres_server_url, migrated) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """What `open_store` is told of the database, for tests that hold for both: None is the SQLite file of the home."""
    url: str = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    return url or None


@pytest.fixture
def bare_postgres_url(postgres_server_url: str) -> Iterator[str]:
    """A database of this test alone without any table."""
    with postgres.database(postgres_server_url) as url:
        yield url


@pytest.fixture(scope="session")
def redis_server() -> Iterator[redis.Redis]:
    """A Redis that may be stopped and started again; skips where there can be none, unless it is required."""
    if reason := redis.missing():
        tied.give_up(reason)
    with redis.server() as started:
        yield started


@pytest.fixture
def redis_url(request: pytest.FixtureRequest) -> str:
    """An empty database of Redis; one that the environment names is emptied."""
    url = os.environ.get(redis.GIVEN) or request.getfixturevalue("redis_server").url
    with client.Redis.from_url(url) as connection:
        connection.flushdb()
    return url
