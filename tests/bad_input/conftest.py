"""Projects that no tool likes, the real command line on them, and what must be as it was afterwards."""

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.cli.main import run

SHOP = "def total(n):\n    s = 0\n    for i in range(n):\n        s += i\n    return s\n"
GOOD_TEST = "import shop\ndef test_{0}():\n    assert shop.total(30000) == 449985000\n"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The last line for the person that is no detail."""
        return [line for line in self.err.splitlines() if line.startswith("hasten:")][-1]


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


def commit(folder: Path) -> None:
    """All that the folder holds, as its first commit."""
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


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


def everything(folder: Path) -> dict[str, tuple[object, ...]]:
    """All that stands below a folder, git directory and all: kind, time, content."""
    found: dict[str, tuple[object, ...]] = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            status = path.lstat()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
            found[str(path)] = (status.st_mode, status.st_mtime_ns, status.st_uid, content)
    return found


def descendants() -> Iterator[int]:
    """Living processes below this one."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == os.getpid():
            yield int(pid)


def groups(pid: int | None = None) -> list[Path]:
    """Control groups that a process made, this one unless named; where there are none, its commands are gone."""
    name = f"hasten-*-{pid or os.getpid()}-*"
    return [path for path in Path("/sys/fs/cgroup").rglob(name) if path.is_dir()]


@pytest.fixture(autouse=True)
def signals_as_they_were() -> Iterator[None]:
    """A command takes them over; pytest gets its own back."""
    import signal  # noqa: PLC0415

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)
