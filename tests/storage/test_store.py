"""A home on disk: several processes, killed ones, older, newer and foreign files."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.domain import Job, StepKind
from agent.protocols import JobStatus
from storage.database import Database
from storage.store import open_store
from tools.errors import InfrastructureError, UserError

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def make_job(job_id: str = "a1b2") -> Job:
    return Job(id=job_id, source="/src", created=NOON)


def start(home: Path, body: str) -> subprocess.Popen[str]:
    """A process of its own that has opened `home` as `store`, with `job` at hand."""
    head = (
        "import sys, time; from pathlib import Path; from datetime import datetime, UTC\n"
        "from agent.domain import Job, StepKind; from storage.store import open_store\n"
        "job = Job(id='a1b2', source='/src', created=datetime(2026, 11, 22, 12, tzinfo=UTC))\n"
        "store = open_store(Path(sys.argv[1]))\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", head + body, str(home)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_database_is_opened_as_promised(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, store.database.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 30_000}


def test_an_orphan_is_refused_by_the_database(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, pytest.raises(Exception, match="FOREIGN KEY"), store.database.writing() as c:
        c.exec_driver_sql("INSERT INTO candidates VALUES ('nope', 1, '', '[]', 'rewrite', '', NULL, 0, '')")


def test_a_block_that_raises_leaves_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.jobs.create(make_job())
        with contextlib.suppress(RuntimeError), store.database.writing() as connection:
            connection.exec_driver_sql("UPDATE jobs SET confirmations = 9")
            raise RuntimeError
        assert store.jobs.journal("a1b2").reserve_confirmation() == 1


def test_two_processes_share_one_numbering(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.jobs.create(make_job())
    body = (
        "input()\n"
        "journal = store.jobs.journal('a1b2')\n"
        "for _ in range(40):\n"
        "    step = journal.append(StepKind.NOTE, 'x')\n"
        "    print(journal.reserve_confirmation(), step.number)\n"
    )
    both = [start(tmp_path, body) for _ in range(2)]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    lines = [line for process in both for line in process.communicate(timeout=60)[0].splitlines()]
    assert [process.returncode for process in both] == [0, 0]
    for column in zip(*(map(int, line.split()) for line in lines), strict=True):
        assert sorted(column) == list(range(1, 81))


def test_first_starts_at_once_agree(tmp_path: Path) -> None:
    both = [start(tmp_path / "new", "store.jobs.list(); store.close()") for _ in range(3)]
    assert [process.communicate(timeout=60)[0] for process in both] == ["", "", ""]
    assert [process.returncode for process in both] == [0, 0, 0]


def test_a_killed_process_loses_nothing_and_its_job_shows_as_interrupted(tmp_path: Path) -> None:
    process = start(
        tmp_path,
        "store.jobs.create(job); store.jobs.journal('a1b2').append(StepKind.NOTE, 'written')\n"
        "store.jobs.journal('a1b2').reserve_confirmation(); print('ready', flush=True); time.sleep(60)\n",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    with open_store(tmp_path) as store:
        assert store.jobs.state("a1b2").status is JobStatus.RUNNING
        with pytest.raises(UserError, match="running in another process"):
            store.jobs.resume("a1b2")
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)
        assert store.jobs.state("a1b2").status is JobStatus.INTERRUPTED
        assert [step.title for step in store.jobs.journal("a1b2").steps()] == ["written"]
        store.jobs.resume("a1b2")
        assert store.jobs.state("a1b2").status is JobStatus.RUNNING
        assert store.jobs.journal("a1b2").reserve_confirmation() == 2
        store.jobs.finish("a1b2", JobStatus.FINISHED)
    assert list((tmp_path / "running").iterdir()) == []


def test_a_store_closed_early_leaves_its_job_interrupted(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.jobs.create(make_job())
    with open_store(tmp_path) as store:
        assert store.jobs.state("a1b2").status is JobStatus.INTERRUPTED


def test_two_processes_cannot_create_one_job(tmp_path: Path) -> None:
    with open_store(tmp_path) as one, open_store(tmp_path) as two:
        one.jobs.create(make_job())
        with pytest.raises(UserError, match="running in another process"):
            two.jobs.create(make_job())


def test_a_damaged_blob_is_said_to_be(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        digest = store.blobs.put(b"whole")
        [path] = (tmp_path / "blobs" / digest[:2]).iterdir()
        path.write_bytes(b"hole")
        with pytest.raises(InfrastructureError, match="damaged"):
            store.blobs.get(digest)


def test_a_killed_writer_of_blobs_is_swept(tmp_path: Path) -> None:
    left, fresh = (tmp_path / "blobs/incoming" / name for name in ("left", "fresh"))
    left.parent.mkdir(parents=True)
    for path in (left, fresh):
        path.touch()
    os.utime(left, (0, 0))
    with open_store(tmp_path):
        assert not left.exists()
        assert fresh.exists()


def test_a_newer_database_is_not_touched(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    with sqlite3.connect(tmp_path / "hasten.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UserError, match="newer version of Hasten"):
        open_store(tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hasten.db").write_text("my diary, " * 100)
    with pytest.raises(UserError, match="cannot be used as Hasten's database"):
        open_store(tmp_path)
    assert "diary" in (tmp_path / "hasten.db").read_text()


def test_a_home_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="set HASTEN_HOME"):
        open_store(tmp_path / "file" / "home")


def test_a_locked_database_may_be_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engine.BUSY_TIMEOUT_S", 0.1)
    open_store(tmp_path).close()
    database = Database(tmp_path / "hasten.db")
    other = sqlite3.connect(tmp_path / "hasten.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(InfrastructureError, match="locked") as raised, database.writing():
        pass
    assert raised.value.retryable
    other.close()
    database.close()


def test_opening_again_is_quick_to_read(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.jobs.create(make_job())
        store.jobs.journal("a1b2").append(StepKind.NOTE, "first")
    with open_store(tmp_path) as store:
        assert [step.title for step in store.jobs.journal("a1b2").steps()] == ["first"]
