"""Something worth making faster, with a way to make inputs and to read back results."""

import base64
import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tools.errors import UserError
from tools.sandbox.contract import Mount

FOLDER = "/hasten/workload"
MOST_TEXT_BYTES = 1024 * 1024
"""A workload file that is larger is not embedded in a report."""


class WorkloadKind(StrEnum):
    """Where a workload's calls come from."""

    FILE = "file"
    CALLS = "calls"
    COMMAND = "command"
    BENCHMARK = "benchmark"
    TOLD = "told"
    """Single calls that somebody made up to tell two versions apart: compared, and never timed."""


@dataclass(frozen=True, kw_only=True)
class Workload:
    """Something worth making faster."""

    name: str
    """What a person calls it: a file's name, a command, or `calls of module:function`."""
    kind: WorkloadKind
    folder: Path
    """On the host, mounted at `/hasten/workload`; named by its content."""
    command: str | None = None
    """Of a command workload; `{seed}` in it is replaced by a fresh seed."""
    entry: str | None = None
    """`module:function` that recorded calls go to."""
    recorded: int = 0
    """Recorded calls it holds."""

    @property
    def mount(self) -> Mount:
        """The folder, where the driver looks for it."""
        return Mount(source=self.folder, target=FOLDER)

    @property
    def fresh(self) -> bool:
        """Whether a seed can make it run on inputs it never saw; recorded calls say so call by call."""
        if self.kind in (WorkloadKind.BENCHMARK, WorkloadKind.TOLD):
            return False
        return self.kind is not WorkloadKind.COMMAND or "{seed}" in (self.command or "")


def file_workload(path: Path, home: Path) -> Workload:
    """A user's workload file; raises UserError where it cannot be read."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"the workload file {path} cannot be read ({error.strerror}); name an existing file", status=404
        ) from error
    return text_workload(path.name, text, home)


def text_workload(name: str, text: bytes, home: Path, kind: WorkloadKind = WorkloadKind.FILE) -> Workload:
    """A workload file by what it says."""
    folder = _folder(home, text)
    (folder / "workload.py").write_bytes(text)
    return Workload(name=name, kind=kind, folder=folder)


def text_of(workload: Workload) -> str | None:
    """What a workload file said when it was taken; None for other workloads and for one beyond MOST_TEXT_BYTES."""
    if workload.kind is not WorkloadKind.FILE:
        return None
    data = (workload.folder / "workload.py").read_bytes()
    return data.decode("utf-8", "replace") if len(data) <= MOST_TEXT_BYTES else None


def command_workload(command: str, home: Path) -> Workload:
    """A user's command, run by `/bin/sh` in the project's folder."""
    if not command.strip():
        raise UserError("the benchmark command is empty; give one, such as --bench 'python bench.py --seed {seed}'")
    folder = _folder(home, command.encode())
    return Workload(name=command, kind=WorkloadKind.COMMAND, folder=folder, command=command)


def benchmark_workload(name: str, described: Mapping[str, object], home: Path) -> Workload:
    """One of the repository's own benchmarks, as the driver finds it again (`tools/driver/benchmarks.py`)."""
    text = json.dumps(described, sort_keys=True).encode()
    folder = _folder(home, text)
    (folder / "benchmark.json").write_bytes(text)
    return Workload(name=name, kind=WorkloadKind.BENCHMARK, folder=folder)


def recorded_workload(
    *,
    module: str,
    qualname: str,
    steps: Sequence[str],
    calls: Sequence[bytes],
    paths: Sequence[str],
    home: Path,
    made: Sequence[bytes] = (),
) -> Workload:
    """Calls of `module:qualname` recorded while tests ran, each a pickle of (args, kwargs) that stays unopened here.

    `steps` are the names that lead to the function in its module. `paths` are folders of the sandbox to import test
    modules from, in case arguments are of classes defined there. `made` are calls that made such objects.
    """
    described = {
        "module": module,
        "qualname": qualname,
        "steps": list(steps),
        "paths": list(paths),
        "calls": [base64.b64encode(call).decode() for call in calls],
        "made": [base64.b64encode(call).decode() for call in made],
    }
    text = json.dumps(described).encode()
    folder = _folder(home, text)
    (folder / "calls.json").write_bytes(text)
    entry = f"{module}:{qualname}"
    return Workload(name=f"calls of {entry}", kind=WorkloadKind.CALLS, folder=folder, entry=entry, recorded=len(calls))


def remove(workload: Workload) -> None:
    """Forget its folder."""
    shutil.rmtree(workload.folder, ignore_errors=True)


def _folder(home: Path, content: bytes) -> Path:
    folder = home / "workloads" / hashlib.sha256(content).hexdigest()[:32]
    folder.mkdir(parents=True, exist_ok=True)
    return folder
