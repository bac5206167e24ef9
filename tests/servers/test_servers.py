"""The servers of the tests: fresh for each test, back after a restart, gone with whoever started them."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis as client
from servers import postgres, redis, tied
from sqlalchemy import create_engine, inspect

TESTS = Path(__file__).parents[1]
HOLDER = """
import sys, time
sys.path.insert(0, {tests!r})
from servers import postgres, redis
with postgres.server() as one, redis.server() as two:
    print(one.folder, one.pid, two.pid, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_databases_of_its_own(postgres_url: str, redis_url: str, turn: int) -> None:
    engine = create_engine(postgres_url.replace("postgresql:", "postgresql+psycopg:"))
    assert "jobs" in inspect(engine).get_table_names()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE mine_{turn} (x int)")
        assert len([name for name in inspect(connection).get_table_names() if name.startswith("mine")]) == 1
    engine.dispose()
    with client.Redis.from_url(redis_url) as connection:
        assert connection.dbsize() == 0
        connection.set("mine", turn)


def test_a_bare_database_has_no_table(bare_postgres_url: str) -> None:
    with psycopg.connect(bare_postgres_url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_what_was_committed_outlives_a_restart(
    postgres_server: postgres.Postgres, how: signal.Signals, redis_server: redis.Redis
) -> None:
    with postgres.database(postgres_server.url) as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
        postgres_server.restart(how)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT seven FROM kept").fetchone() == (7,)
    before = redis_server.url
    redis_server.restart(how)
    assert redis_server.url == before
    with client.Redis.from_url(redis_server.url) as again:
        assert again.ping()


def test_the_wheel_starts_as_well(postgres_server: postgres.Postgres) -> None:
    del postgres_server  # where there can be no server, this skips
    with postgres.server(postgres.programs()[-1]) as started, psycopg.connect(started.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_servers_end_with_a_killed_session(postgres_server: postgres.Postgres, redis_server: redis.Redis) -> None:
    del postgres_server, redis_server
    held = subprocess.Popen(
        [sys.executable, "-c", HOLDER.format(tests=str(TESTS))], cwd=TESTS.parent, stdout=subprocess.PIPE, text=True
    )
    assert held.stdout is not None
    folder, *pids = held.stdout.readline().split()
    ends = [os.pidfd_open(int(pid)) for pid in pids]
    held.kill()
    held.communicate(timeout=60)
    for end in ends:
        assert select.select([end], [], [], 60)[0], "a server still runs"
        os.close(end)
    with tied.folder():
        assert not Path(folder).exists()
