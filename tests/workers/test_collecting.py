"""When a sweeper collects, and the commands that collect and carry jobs elsewhere."""

import ast
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ready_home import ready
from sqlalchemy import update

from agent.domain import Job, StepKind
from agent.protocols import JobStatus
from api.cli.app import call
from storage.references import NAMED
from storage.store import Store, open_store
from storage.tables import jobs, sweeps
from tools.errors import UserError
from workers.collecting import collect_when_due
from workers.settings import Settings

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HASTEN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    ready(tmp_path / "other")
    return ready(tmp_path / "home")


def finished(store: Store, job_id: str) -> None:
    store.jobs.create(Job(id=job_id, source="/src", created=NOON))
    store.jobs.journal(job_id).append(StepKind.NOTE, "what happened")
    store.jobs.finish(job_id, JobStatus.FAILED, detail="it failed for a reason")


def garbage(store: Store) -> None:
    digest = store.blobs.put(os.urandom(100))
    old_s = time.time() - 3 * 86400
    os.utime(store.home / "blobs" / digest[:2] / digest[2:], (old_s, old_s))


def test_a_sweeper_collects_once_a_day(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with open_store(ready(tmp_path)) as store:
        garbage(store)
        first = collect_when_due(store, settings)
        assert first
        assert first.removed == 1
        garbage(store)
        assert collect_when_due(store, settings) is None
        with store.database.writing() as connection:
            connection.execute(update(sweeps).values(at=datetime.now(UTC) - timedelta(hours=25)))
        again = collect_when_due(store, settings)
        assert again
        assert again.removed == 1
        with store.database.writing() as connection:
            connection.execute(update(sweeps).values(next="80"))  # one that did not come to its end
        assert collect_when_due(store, settings)


def test_gc_says_what_goes(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("HASTEN_KEEP_JOBS_DAYS", "30")
    with open_store(home) as store:
        finished(store, "a1")
        garbage(store)
        with store.database.writing() as connection:
            connection.execute(update(jobs).values(ended=datetime.now(UTC) - timedelta(days=40)))
    assert call(["gc", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "1 of 1 blobs would be removed, 100 of 100 bytes." in said
    assert "1 jobs would be removed: a1." in said
    assert call(["gc"]) == 0
    assert "1 of 1 blobs removed" in capsys.readouterr().out
    with open_store(home) as store, pytest.raises(UserError):
        store.jobs.get("a1")


def test_a_job_is_shown_where_it_was_imported(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(home) as store:
        finished(store, "a1b2")
    assert call(["export", "a1"]) == 0
    assert "hasten-a1b2.tar.gz: job a1b2" in capsys.readouterr().out
    monkeypatch.setenv("HASTEN_HOME", str(tmp_path / "other"))
    assert call(["import", "hasten-a1b2.tar.gz"]) == 0
    assert "imported as job a1b2: 1 rows, 0 blobs" in capsys.readouterr().out
    assert call(["import", "hasten-a1b2.tar.gz"]) == 0
    assert "already here, with the same content, is job a1b2" in capsys.readouterr().out
    assert call(["import", "hasten-a1b2.tar.gz", "--as", "copy"]) == 0
    assert call(["show", "copy"]) == 0
    assert "it failed for a reason" in capsys.readouterr().out
    assert call(["show", "a1b2", "--steps"]) == 0
    assert "what happened" in capsys.readouterr().out
    Path("hasten-a1b2.tar.gz").write_bytes(b"my diary")
    assert call(["import", "hasten-a1b2.tar.gz"]) == 1
    assert "the archive is damaged" in capsys.readouterr().err


def test_an_export_knows_every_blob_that_a_job_stores() -> None:
    """Who stores a blob under a new key adds it to NAMED: an export would leave it out."""
    known = {key for kinds in NAMED.values() for key in kinds.values()}
    found = set()
    for path in (ROOT / "agent").rglob("*.py"):
        if path.name == "known.py":  # of the home, not of a job
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            pairs: list[tuple[str, ast.expr]] = []
            if isinstance(node, ast.Dict):
                pairs = [
                    (str(getattr(key, "value", "")), value) for key, value in zip(node.keys, node.values, strict=True)
                ]
            elif isinstance(node, ast.keyword):
                pairs = [(str(node.arg), node.value)]
            elif isinstance(node, ast.Assign):
                pairs = [("patch" if path.name == "numbering.py" else "?", node.value)]
            found |= {name for name, value in pairs if _puts(value)}
    assert found == known


def _puts(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func).endswith("blobs.put")
