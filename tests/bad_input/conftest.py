"""Projects that no tool likes, the real command line on them, and what must be as it was afterwards."""

import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from promises import GOOD_TEST, SHOP, Said, commit, descendants, everything, groups

from api.cli.main import run


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, so that the environment is built once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Makes a checkout with one commit: `shop.py`, a good test, and the files given."""

    def make(files: dict[str, str | bytes] | None = None, *, good: bool = True, git: bool = True) -> Path:
        folder = tmp_path / "project"
        whole = {"shop.py": SHOP, **({"tests/test_a.py": GOOD_TEST.format("good")} if good else {}), **(files or {})}
        for name, text in whole.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if git:
            commit(folder)
        return folder

    return make


@pytest.fixture
def hasten(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Runs a command on a folder and holds it to what it promises: all as it was, nothing left."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("HASTEN_HOME", str(home))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)

    def call(command: str, folder: Path, *words: str) -> Said:
        before = everything(folder)
        code = run([command, str(folder), *words])
        shown = capfd.readouterr()
        assert "Traceback (most recent" not in shown.err
        assert everything(folder) == before, "the user's folder was touched"
        assert list(scratch.iterdir()) == [], "scratch files are left"
        assert list(descendants()) == [], "processes are left"
        assert groups() == [], "control groups are left"
        return Said(code=code, out=shown.out, err=shown.err)

    return call


@pytest.fixture(autouse=True)
def signals_as_they_were() -> Iterator[None]:
    """A command takes them over; pytest gets its own back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)
