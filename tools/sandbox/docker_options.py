"""A command in the words of the engine: what its container may see, do and use."""

import posixpath
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docker.types import LogConfig, Mount, Ulimit

from tools.sandbox import first_process
from tools.sandbox.contract import Command, Limits
from tools.sandbox.docker_engine import Engine
from tools.sandbox.docker_filter import profile
from tools.sandbox.docker_stage import Stage
from tools.sandbox.launch import GATE_FD, STATUS_FD
from tools.sandbox.system import USER, environment, etc_shared, system_folders

_OPEN_FILES = 4096
_LOCKED_BYTES = 64 * 1024
_FIRST_PROCESSES = 1
_PIPES = "/.hasten"
_ENTRY = f"""
exec <"$1" >{_PIPES}/out 2>{_PIPES}/err {GATE_FD}<{_PIPES}/gate {STATUS_FD}>{_PIPES}/status
shift
{first_process.SCRIPT}"""


def options(
    engine: Engine, command: Command, stage: Stage, places: Sequence[Path], *, null_input: bool
) -> dict[str, Any]:
    """What `Engine.start` takes besides a name and an image."""
    variables = [f"{name}={value}" for name, value in environment(command).items()]
    source = "/dev/null" if null_input else f"{_PIPES}/in"
    return {
        "entrypoint": ["/bin/sh", "-c", _ENTRY, "sh", source],
        "command": ["/usr/bin/env", "-i", *variables, *command.argv],
        "user": f"{USER}:{USER}",
        "working_dir": command.cwd,
        "host_config": engine.host_config(
            **_protection(command), **_limits(command.limits, command.core), mounts=_mounts(command, stage, places)
        ),
    }


def _protection(command: Command) -> dict[str, Any]:
    return {
        "network_mode": "none",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges", f"seccomp={profile(pinned=command.core is not None)}"],
        "ipc_mode": "private",
        "cgroupns": "private",
        "log_config": LogConfig(type="none"),
    }


def _limits(limits: Limits, core: int | None) -> dict[str, Any]:
    scratch = f"exec,nosuid,nodev,size={limits.disk_bytes},nr_inodes={limits.files},mode=1777"
    return {
        "mem_limit": limits.memory_bytes,
        "memswap_limit": limits.memory_bytes,
        "pids_limit": limits.processes + _FIRST_PROCESSES,
        "cpuset_cpus": None if core is None else str(core),
        # The last two hide what other sandboxes do not show: the host's devices, and message queues.
        "tmpfs": {"/tmp": scratch, "/dev/shm": scratch, "/sys": "ro,size=4k", "/dev/mqueue": "ro,size=4k"},
        "ulimits": [
            Ulimit(name=name, soft=most, hard=most)
            for name, most in (
                ("core", 0),
                ("fsize", limits.disk_bytes),
                ("memlock", _LOCKED_BYTES),
                ("nofile", _OPEN_FILES),
            )
        ],
    }


def _mounts(command: Command, stage: Stage, places: Sequence[Path]) -> list[Mount]:
    """By target, for an engine refuses two at one place: the command's own wins, and of its own the last."""
    found = {name: (name, True) for name in (*system_folders(), *etc_shared())}
    found[_PIPES] = (str(stage.pipes), True)
    for mount, place in zip(command.mounts, places, strict=True):
        found[posixpath.normpath(mount.target)] = (str(place), mount.mode == "ro")
    return [
        Mount(target=target, source=source, type="bind", read_only=read_only)
        for target, (source, read_only) in found.items()
    ]
