"""What bad projects are made of, and what a command promises whatever it is given."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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


def commit(folder: Path) -> None:
    """All that the folder holds, as its first commit."""
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


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
