"""Which changed lines a command runs, in whatever Pythons it starts."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from tools.sandbox.frames import FrameLine, LineBroken
from tools.workload.session import Side
from tools.workload.workload import Workload

EXIT_S = 5.0


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What one run of a command showed."""

    lines: Mapping[str, frozenset[int]]
    """Of the lines looked for, those that ran, by path in the sandbox."""
    pythons: int
    """Pythons that started and could be watched."""


def prove(side: Side, workload: Workload, lines: Mapping[str, list[int]], *, seed: int) -> Proof | None:
    """Run the command once with its lines watched; None where it did not come to its end.

    It is slower than otherwise and nothing of it is timed. A Python that leaves its environment aside (`-I`, `-E`, a
    PYTHONPATH of the command's own) is not seen.
    """
    command = (workload.command or "").replace("{seed}", str(seed % (1 << 31)))
    prepared = side.environment.driver_command(
        "proven", (), side.tree, hash_seed=seed % (1 << 32), writable=True, limits=side.limits
    )
    with side.sandbox.spawn(prepared) as process:
        line = FrameLine(process)
        try:
            line.send({"command": command, "lines": dict(lines)}, timeout_s=side.limits.wall_s)
            answer = line.receive(timeout_s=side.limits.wall_s)
            process.wait(timeout_s=EXIT_S)
            return _PROOF.validate_python(answer)
        except (LineBroken, TimeoutError, ValidationError):
            return None


_PROOF = TypeAdapter(Proof)
