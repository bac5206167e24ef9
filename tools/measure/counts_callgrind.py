"""Instructions counted by valgrind's callgrind, inside the sandbox: repeats almost to the instruction, and is slow.

Nothing of the sandbox is loosened for it: valgrind needs no system call that a command may not make.
"""

import platform
import re
import shutil
from dataclasses import dataclass, replace

from tools.measure.counts import Batch, CannotCount
from tools.sandbox.contract import Command, Finished, Process, Sandbox
from tools.workload.session import Side
from tools.workload.workload import WorkloadKind

VALGRIND = "/usr/bin/valgrind"
_CALLGRIND = (VALGRIND, "--tool=callgrind", "--vgdb=no", "--callgrind-out-file=/dev/null")
_COLLECTED = re.compile(rb"==\d+== Collected : (\d+)")
# A command's programs each count for themselves. What it prints goes to /dev/null, so that the sums alone come out.
_COMMAND = (
    'mkdir /tmp/.hasten-counts && {valgrind} /bin/sh -c "$1" >/dev/null 2>&1 </dev/null; cat /tmp/.hasten-counts/*'
)
_PER_PROCESS = ("--trace-children=yes", "--log-file=/tmp/.hasten-counts/%p")


def missing() -> str | None:
    """Why callgrind cannot count here; None where it can."""
    if shutil.which(VALGRIND) is None:
        return "valgrind is not installed (Debian: `apt-get install valgrind`)"
    if platform.machine() != "x86_64":
        return f"counting with valgrind is written for x86_64 and this is {platform.machine()}"
    return None


@dataclass(frozen=True)
class Callgrind:
    """Counts under callgrind."""

    name: str = "callgrind"
    slowdown: float = 70.0
    slowdown_outside: float = 35.0

    def count(self, side: Side, batch: Batch, *, hash_seed: int, core: int) -> int:
        """Instructions of one side; raises CannotCount and TargetFailed."""
        if batch.plan.workload.kind is WorkloadKind.COMMAND:
            return self._commands(side, batch, hash_seed, core)
        under = replace(side, sandbox=UnderCallgrind(side.sandbox))
        with under.session(batch.plan.workload, hash_seed=hash_seed, core=core) as session:
            for name, items in batch.items.items():
                session.ask("prepare", group=name, items=items)
            session.ask("count", groups=list(batch.items))
            return _collected(session.close())

    def _commands(self, side: Side, batch: Batch, hash_seed: int, core: int) -> int:
        script = _COMMAND.format(valgrind=" ".join((*_CALLGRIND, *_PER_PROCESS)))
        total = 0
        for items in batch.items.values():
            for command in items:
                plain = side.environment.python_command(
                    (), side.tree, hash_seed=hash_seed, writable=True, limits=side.limits, core=core
                )
                total += _collected(
                    side.sandbox.run(replace(plain, argv=("/bin/sh", "-c", script, "sh", str(command))))
                )
        return total


def _collected(finished: Finished) -> int:
    """What callgrind said last; every process of a command has its own sum."""
    found = _COLLECTED.findall(finished.stdout) or _COLLECTED.findall(finished.stderr)[-1:]
    if not found:
        raise CannotCount(f"callgrind did not come to its end ({finished.ended.value}): {finished.tail(1)}")
    return sum(int(number) for number in found)


class UnderCallgrind:
    """A sandbox whose driver runs under callgrind, with the counting off until the driver switches it on."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.name = sandbox.name

    @property
    def degraded(self) -> tuple[str, ...]:
        """As of the sandbox that it stands before."""
        return self._sandbox.degraded

    def run(self, command: Command) -> Finished:
        """As the sandbox does."""
        return self._sandbox.run(command)

    def spawn(self, command: Command) -> Process:
        """The driver in its `counted` mode, under callgrind."""
        argv = tuple("counted" if word == "workload" else word for word in command.argv)
        return self._sandbox.spawn(replace(command, argv=(*_CALLGRIND, "--instr-atstart=no", *argv)))

    def sweep(self) -> int:
        """As the sandbox does."""
        return self._sandbox.sweep()
