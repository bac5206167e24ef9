"""`hasten show JOB --patch | git apply`, with the git that people have."""

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from checkout import git, last_job
from scripted import ENTRIES, Script, combined

from api.cli.commands import take_command
from api.cli.main import run
from api.report import Report
from storage.store import open_store
from tools.git.patch import make_patch

Files = dict[str, bytes | None]
Deliver = Callable[[Files, Files, str], bytes]
CASES: dict[str, tuple[Files, Files]] = {
    "a change": ({"a.py": b"x = 1\ny = 2\n"}, {"a.py": b"x = 1\ny = 3\n"}),
    "no newline at the end": ({"a.py": b"x = 1\ny = 2"}, {"a.py": b"x = 1\ny = 3"}),
    "a newline at the end at last": ({"a.py": b"x = 1\ny = 2"}, {"a.py": b"x = 1\ny = 2\n"}),
    "carriage returns": ({"a.py": b"x = 1\r\ny = 2\r\nz = 3\r\n"}, {"a.py": b"x = 1\r\ny = 5\r\nz = 3\r\n"}),
    "mixed line ends": ({"a.py": b"x = 1\r\ny = 2\nz\rz\n"}, {"a.py": b"x = 1\ny = 5\r\nz\rz\n"}),
    "a new file": ({"a.py": b"x\n"}, {"sub/new.py": b"n = 1\n"}),
    "a new empty file": ({"a.py": b"x\n"}, {"sub/__init__.py": b""}),
    "a deleted file": ({"a.py": b"x\n", "old.py": b"o\n"}, {"old.py": None}),
    "names in other scripts": ({"größe/日本.py": b"x\n"}, {"größe/日本.py": b"y\n", "größe/ñ.py": b"n\n"}),
    "odd names": ({'a b\t"c".py': b"x\n"}, {'a b\t"c".py': b"y\n", "-n.py": b"n\n"}),
    "text in other scripts": ({"a.py": "s = 'größe 日本 \u202e'\n".encode()}, {"a.py": "s = 'é \x0c'\n".encode()}),
}


@pytest.fixture
def delivered(repo: Path, home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Deliver:
    """What `show --patch` writes of a job that keeps the change from some files to others, below a folder."""

    def deliver(before: Files, after: Files, below: str = "") -> bytes:
        inside = {f"{below}{path}": data for path, data in before.items()}
        for path, data in inside.items():
            (repo / path).parent.mkdir(parents=True, exist_ok=True)
            (repo / path).write_bytes(data or b"")
        git(repo, "-c", "core.autocrlf=false", "add", "-A")
        git(repo, "commit", "-q", "-m", "files")
        patch = make_patch(inside, {**inside, **{f"{below}{path}": data for path, data in after.items()}})
        entry = ENTRIES[0]
        entry = replace(entry, candidate=replace(entry.candidate, patch=patch))
        together = replace(combined([entry]), patch=patch)  # type: ignore[type-var]
        script = Script(entries=(entry,), commit=git(repo, "rev-parse", "HEAD"), together=together)
        assert run(["optimize", str(repo / below)], script.runners()) == 0
        capfdbinary.readouterr()
        assert run(["show", last_job(home), "--patch"]) == 0
        sys.stdout.flush()
        return capfdbinary.readouterr().out

    return deliver


@pytest.mark.parametrize(
    ("name", "below"),
    [*((name, "") for name in CASES), *((name, "packages/core/") for name in ("a new file", "no newline at the end"))],
)
def test_git_applies_what_show_prints(repo: Path, delivered: Deliver, name: str, below: str) -> None:
    before, after = CASES[name]
    patch = delivered(before, after, below)
    # From the root, and from the job's own folder.
    for place in {repo, repo / below}:
        git(repo, "checkout", "-q", ".")
        git(repo, "clean", "-fdq")
        subprocess.run(["git", "-c", "core.autocrlf=false", "apply"], cwd=place, input=patch, check=True)
        found = {path: (repo / below / path) for path in {**before, **after}}
        assert {path: file.read_bytes() if file.exists() else None for path, file in found.items()} == {
            **before,
            **after,
        }


def test_a_patch_is_utf_8_whatever_the_terminal_speaks(
    home: Path, repo: Path, delivered: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    del repo
    before, after = CASES["names in other scripts"]
    expected = delivered(before, after, "")
    latin = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", latin)
    assert run(["show", last_job(home), "--patch"]) == 0
    latin.flush()
    assert latin.buffer.getvalue() == expected  # type: ignore[attr-defined]


def test_the_command_that_is_printed_takes_the_patch(
    repo: Path, delivered: Deliver, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """From whatever folder one stands in, also where the project is a part of its repository."""
    before, after = CASES["a change"]
    patch = delivered(before, after, "packages/core/")
    monkeypatch.chdir(tmp_path)
    with open_store(home) as store:
        report = Report.model_validate(store.jobs.report(last_job(home)))
    show, _, apply = take_command(report).partition(" | ")
    assert show == f"hasten show {last_job(home)} --patch"
    assert apply == "git -C repo/packages/core apply"
    subprocess.run(apply.split(), input=patch, check=True)
    assert (repo / "packages/core/a.py").read_bytes() == after["a.py"]
