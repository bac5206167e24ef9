"""Commands for the sandbox contract, and what a host shows of them."""

import os
import sys
from dataclasses import replace
from pathlib import Path

from tools.sandbox.contract import MIB, Command, Limits, Mount

PREFIX = Path(sys.base_prefix).resolve()
PYTHON = (str(PREFIX / "bin" / f"python3.{sys.version_info.minor}"), "-I", "-S", "-c")
INTERPRETER = Mount(source=PREFIX, target=str(PREFIX))
SMALL = Limits(wall_s=20, memory_bytes=256 * MIB, disk_bytes=8 * MIB, files=500, output_bytes=MIB, processes=64)


def python(program: str, *arguments: str, **rest: object) -> Command:
    """A command that runs a Python program on the interpreter of the tests."""
    mounts = (INTERPRETER, *rest.pop("mounts", ()))  # type: ignore[misc]
    return replace(Command(argv=(*PYTHON, program, *arguments), mounts=mounts, limits=SMALL), **rest)  # type: ignore[arg-type]


def shell(script: str, *arguments: str, **rest: object) -> Command:
    """A command that runs a shell script."""
    return replace(Command(argv=("/bin/sh", "-c", script, "sh", *arguments), limits=SMALL), **rest)  # type: ignore[arg-type]


def alive(marker: str) -> list[int]:
    """Processes of the host with `marker` among their arguments, this one left out."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if marker.encode() in (folder / "cmdline").read_bytes() and int(folder.name) != os.getpid():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def left_on_host() -> tuple[set[str], str, int]:
    """Groups and stages of this process, mounts and open descriptors: the same before and after a command."""
    own = f"-{os.getpid()}-"
    places = ("/sys/fs/cgroup", "/run/hasten")
    made = {name for place in places for _, names, _ in os.walk(place) for name in names if name.startswith("hasten-")}
    mounts = Path("/proc/self/mountinfo").read_text()
    return {name for name in made if own in name}, mounts, len(os.listdir("/proc/self/fd"))
