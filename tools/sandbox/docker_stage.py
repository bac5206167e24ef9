"""What a container is given of this host: its mounts, laid out in one folder, and the pipes it speaks through.

The engine mounts by path, in the host's own mount namespace, so a container's mounts have to stand there while it runs.
`docker_attach` lays them out as bubblewrap's are (owners lent, copies as sized overlays) and puts them here, each at
its number. The folder's name tells who made it; the next supervisor takes away what a killed one left.
"""

import errno
import io
import marshal
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.errors import InfrastructureError
from tools.sandbox import kernel
from tools.sandbox.contract import Limits, Mount
from tools.sandbox.label import is_abandoned
from tools.sandbox.order import Layout
from tools.sandbox.system import USER

FOLDER = Path("/run/hasten")
_ROOT = str(Path(__file__).parents[2])
_BOOT = f"import sys; sys.path.append({_ROOT!r}); from tools.sandbox.docker_attach import main; main()"
_PIPES = ("in", "out", "err", "gate", "status")


class Stage:
    """One container's folder on this host."""

    def __init__(self, label: str) -> None:
        self._folder = FOLDER / label
        self.pipes = self._folder / "pipes"

    def make(self) -> None:
        """Make it, with its pipes."""
        FOLDER.mkdir(mode=0o700, exist_ok=True)
        for folder in (self._folder, self.pipes, self._folder / "mounts"):
            folder.mkdir()
        for name in _PIPES:
            os.mkfifo(self.pipes / name, 0o600)
            os.chown(self.pipes / name, USER, USER)

    def lay_out(self, mounts: Sequence[Mount], limits: Limits) -> list[Path]:
        """Put every mount in place; where each stands."""
        layout = Layout(
            user=USER,
            scratch_bytes=limits.disk_bytes,
            scratch_files=limits.files,
            mounts=[(os.path.abspath(mount.source), mount.target, mount.mode) for mount in mounts],
            files={},
            shared=[],
        )
        places = [self._folder / "mounts" / str(number) for number in range(len(mounts))]
        if mounts:
            done = subprocess.run(
                [sys.executable, "-I", "-S", "-c", _BOOT],
                input=marshal.dumps((dict(layout), list(map(str, places)))),
                capture_output=True,
                cwd="/",
                env={},
                check=False,
            )
            if done.returncode:
                said = done.stderr.decode(errors="replace").strip()
                raise InfrastructureError(f"the mounts of a container could not be laid out: {said}")
        return places

    def remove(self) -> None:
        """Take it away, whatever of it there is."""
        remove(self._folder)


class Pipes:
    """The supervisor's ends. Each is open before the container opens its own, so that neither waits for the other."""

    def __init__(self, folder: Path, *, null_input: bool) -> None:
        """Open them; without an input where the command is to have none."""
        self._folder = folder
        self.gate = self._open("gate", os.O_RDWR)
        self.status_fd = self._descriptor("status", os.O_RDONLY)
        self.stdout = self._open("out", os.O_RDONLY)
        self.stderr = self._open("err", os.O_RDONLY)
        self.stdin = None if null_input else self._open("in", os.O_RDWR)

    def settle(self) -> None:
        """Once the container holds its ends: the pipes are as if they had been made without names.

        No end keeps itself open, and the command cannot open the supervisor's two lines through /proc.
        """
        if self.stdin is not None:
            reading_too, self.stdin = self.stdin, self._open("in", os.O_WRONLY)
            reading_too.close()
        for fd in (self.gate.fileno(), self.status_fd):
            os.fchmod(fd, 0)
        for name in _PIPES:
            (self._folder / name).unlink()

    def close(self) -> None:
        """Close all of them."""
        for stream in (self.gate, self.stdin, self.stdout, self.stderr):
            if stream is not None:
                stream.close()
        os.close(self.status_fd)

    def _open(self, name: str, how: int) -> io.FileIO:
        return io.FileIO(self._descriptor(name, how), "rb" if how == os.O_RDONLY else "wb")

    def _descriptor(self, name: str, how: int) -> int:
        return os.open(self._folder / name, how | os.O_NONBLOCK | os.O_CLOEXEC)


def remove(folder: Path) -> None:
    """Unmount what stands in a stage and remove it; raises OSError rather than touch what is still mounted."""
    for place in _entries(folder / "mounts"):
        _detach(place)
        # Neither of the two takes away more than an empty mount point.
        if place.is_dir():
            place.rmdir()
        else:
            place.unlink()
    for pipe in _entries(folder / "pipes"):
        pipe.unlink()
    for emptied in (folder / "mounts", folder / "pipes", folder):
        if emptied.exists():
            emptied.rmdir()


def sweep() -> set[str]:
    """Remove the stages whose supervisor is gone; their names."""
    left = [folder for folder in _entries(FOLDER) if is_abandoned(folder.name)]
    for folder in left:
        remove(folder)
    return {folder.name for folder in left}


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


def _detach(place: Path) -> None:
    try:
        kernel.detach(str(place))
    except OSError as error:
        if error.errno != errno.EINVAL:  # as it is where nothing is mounted
            raise
