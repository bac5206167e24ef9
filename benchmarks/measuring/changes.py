"""What sessions are recorded on: a small project whose work is a known number of units, and changes of known size."""

from dataclasses import dataclass
from pathlib import Path

from agent.domain import Candidate, Origin
from tools.git.patch import make_patch
from tools.workload.workload import Workload, command_workload, file_workload

FOLDER = Path(__file__).with_name("subject")
UNITS = 231
COMMON = "UNITS = 231\n"
RARE = "RARE_UNITS = 231\n"
KEPT_UNITS = 220
"""Of a kept candidate's tree, which its no-op child is measured against."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """How many units a candidate needs: for four fifths of the inputs, and for the rest."""

    common: int = UNITS
    rare: int = UNITS

    @property
    def truth(self) -> float | None:
        """Time before / time after, where it is the same for all inputs."""
        return UNITS / self.common if self.common == self.rare else None


COMMAND_SAVES = 1
"""Units that a faster command does without besides: its start, about a fifteenth of its time, gets no faster."""
CHANGES = {
    "no-op": Change(),
    "5 %": Change(common=220, rare=220),
    "10 %": Change(common=210, rare=210),
    "mixed": Change(common=210, rare=3 * UNITS),
}
MODULES = {
    "python": "pure",
    "python, one input": "pure",
    "numpy": "arrays",
    "numpy, one input": "arrays",
    "command": "pure",
    "waiting": "naps",
}
FILES = {
    "python": "pure.py",
    "python, one input": "pure_large.py",
    "numpy": "arrays.py",
    "numpy, one input": "arrays_large.py",
    "waiting": "naps.py",
}
"""Workload files by workload; what has none is the command."""


def workload_of(name: str, home: Path) -> Workload:
    """The workload by its name."""
    if name == "command":
        return command_workload("python script.py {seed}", home)
    return file_workload(FOLDER / "workloads" / FILES[name], home)


def kept(workload: str) -> Candidate:
    """A candidate whose tree is a reference: different code with the same results."""
    module = MODULES[workload]
    text = _with_units(module, KEPT_UNITS, KEPT_UNITS)
    return _candidate(1, module, text, parent=0)


def candidate(workload: str, change: str, *, child: bool) -> Candidate:
    """The candidate of a session; a no-op differs from its reference by a comment and a name that nothing uses."""
    module, how = MODULES[workload], CHANGES[change]
    units = (KEPT_UNITS, KEPT_UNITS) if child else (_fewer(workload, how.common), _fewer(workload, how.rare))
    text = _with_units(module, *units) + "\n_UNUSED = None  # nothing else differs\n"
    return _candidate(2, module, text, parent=int(child))


def truth_of(workload: str, change: str) -> float | None:
    """The true ratio; None also for a command, whose start counts and is no part of the units."""
    truth = CHANGES[change].truth
    return None if workload == "command" and truth != 1 else truth


def _fewer(workload: str, units: int) -> int:
    return units - COMMAND_SAVES if workload == "command" and units < UNITS else units


def _with_units(module: str, common: int, rare: int) -> str:
    text = (FOLDER / f"{module}.py").read_text(encoding="utf-8")
    assert "\n" + COMMON in text
    assert RARE in text
    return text.replace(RARE, f"RARE_UNITS = {rare}\n").replace("\n" + COMMON, f"\nUNITS = {common}\n")


def _candidate(number: int, module: str, text: str, *, parent: int) -> Candidate:
    path = f"{module}.py"
    before = (FOLDER / path).read_bytes()
    return Candidate(
        number=number,
        patch=make_patch({path: before}, {path: text.encode()}),
        parents=(parent,),
        origin=Origin.PERSON,
        summary="for the benchmarks",
    )
