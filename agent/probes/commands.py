"""Whether the commands that a gain is measured on run what was changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from agent.bench import Bench
from agent.probes import native
from tools.recipe.build_inputs import NATIVE_SUFFIXES
from tools.workload.proof import prove
from tools.workload.workload import Workload

COMPILED = "lines of compiled code could not be counted: nothing proves that the command runs what was changed"
UNSEEN = (
    "the command starts no Python that could be watched (one that sets PYTHONPATH itself, or runs `python -I`, cannot "
    "be); write its variables under `env` in hasten.toml"
)
NOT_RUN = "the command that it is timed on runs none of the lines that it changes"


@dataclass(frozen=True, kw_only=True)
class Commands:
    """What the commands of one bench showed of its change."""

    unproven: str | None = None
    """Why they prove nothing; None where they run the change, or where that cannot be known."""
    ran: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Of the watched lines, those that ran, by path in the sandbox."""
    caveats: tuple[str, ...] = ()


def watch_commands(
    bench: Bench, commands: Sequence[Workload], watched: Mapping[str, list[int]], edited: Mapping[str, set[int]]
) -> Commands:
    """Run each command once more on the candidate's side until one is seen to run an edited line."""
    if any(PurePosixPath(path).suffix in NATIVE_SUFFIXES for path in bench.after):
        shown = native.ran(bench, commands)
        unproven = NOT_RUN if shown is native.Ran.NO else None
        return Commands(unproven=unproven, caveats=(COMPILED,) if commands and shown is native.Ran.UNKNOWN else ())
    if not commands or not any(edited.values()):
        return Commands()
    pythons = 0
    for command in commands:
        proof = prove(bench.challenger, command, watched, seed=bench.seed)
        if proof and any(numbers & edited.get(path, set()) for path, numbers in proof.lines.items()):
            return Commands(ran=proof.lines)
        pythons += proof.pythons if proof else 0
    return Commands(unproven=NOT_RUN if pythons else UNSEEN)
