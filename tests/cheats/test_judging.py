"""`hasten judge` itself, with the real sandbox: one cheat, and the honest edit beside it."""

import json
from pathlib import Path

import pytest
from court import write_victim
from entries import ENTRIES
from entry import Entry

from api.cli.failures import NOT_KEPT
from api.cli.main import run
from tools.git.patch import make_patch


def judged(entry: Entry, folder: Path) -> tuple[int, dict[str, object]]:
    """The exit code and the report."""
    project = write_victim(folder / "freight")
    before = {path: (project / path).read_bytes() for path in entry.edits}
    patch, report = folder / "edit.diff", folder / "report.json"
    patch.write_text(make_patch(before, entry.files()))
    code = run(["judge", str(project), "--patch", str(patch), "--json", str(report)])
    return code, json.loads(report.read_text())


def named(name: str) -> Entry:
    """The entry of that name."""
    (found,) = (entry for entry in ENTRIES if entry.id == name)
    return found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HASTEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def test_a_cheat_ends_with_its_own_exit_code_and_reason(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, report = judged(named("27-collection-off-by-another-name"), home)
    assert code == NOT_KEPT
    assert report["verdict"] == "CHEATED"
    assert "garbage collection is switched off" in str(report["reason"])
    assert "CHEATED" in capsys.readouterr().out


def test_the_honest_twin_is_kept(home: Path) -> None:
    code, report = judged(named("29-twin-a-name-of-its-own-for-a-library's-function"), home)
    assert (code, report["verdict"]) == (0, "KEPT"), report["reason"]
