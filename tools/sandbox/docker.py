"""Commands in containers of a Docker engine on this host, one fresh container each.

The engine makes the namespaces, the control groups and the filter. The rest is as in bubblewrap: the host's own
programs, the same mounts, the same first process, and the watch that stays with every command.
"""

from functools import cached_property
from pathlib import Path

from tools.sandbox import docker_stage
from tools.sandbox.contract import Command
from tools.sandbox.docker_container import ContainerPlan
from tools.sandbox.docker_engine import Engine
from tools.sandbox.planned import PlannedSandbox


class DockerSandbox(PlannedSandbox):
    """The sandbox of a host that has an engine already."""

    name = "docker"

    def __init__(self, socket: Path) -> None:
        """Connect, as root; raises InfrastructureError where no engine answers at `socket`."""
        self.socket = socket
        self._engine = Engine(socket)

    @cached_property
    def _image(self) -> str:
        return self._engine.image()

    @cached_property
    def degraded(self) -> tuple[str, ...]:
        """What this host keeps the engine from enforcing."""
        info = self._engine.info()
        found = [sentence for key, sentence in _WITHOUT.items() if not info.get(key)]
        if not any("seccomp" in option for option in info.get("SecurityOptions") or ()):
            found.append("System calls are not filtered: the engine or its kernel has no filter.")
        return tuple(found)

    def sweep(self) -> int:
        """Remove containers of killed supervisors, and what was laid out for them; how many."""
        left = self._engine.abandoned()
        for name in left:
            self._engine.remove(name)
        return len({*left, *docker_stage.sweep()})

    def _plan(self, command: Command) -> ContainerPlan:
        return ContainerPlan(engine=self._engine, image=self._image, command=command)


_WITHOUT = {
    "MemoryLimit": "Memory is not limited: the engine has no memory control group.",
    "PidsLimit": "Processes are not limited: the engine has no pids control group.",
    "CPUSet": "A pinned command may be moved to another core: the engine has no cpuset control group.",
}
