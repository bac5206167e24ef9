"""The islands of `evolve`: who lives where, and the best of each kind, read from what was tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent.domain import UNCHANGED, Candidate, Round
from agent.policies.search import Tried
from tools.git.patch import PatchError, parse_patch

Cell = tuple[int, int]
"""A kind of diff: how many files it changes (3 stands for more), and the bits of how many lines."""


@dataclass(kw_only=True)
class Island:
    """One population: the unchanged code and what was kept here, each kind by its best."""

    cells: dict[Cell, Candidate] = field(default_factory=lambda: {(0, 0): UNCHANGED})

    def settle(self, candidate: Candidate, tried: Tried) -> None:
        """Take a candidate in, unless another one of its kind gains as much."""
        cell = cell_of(candidate)
        known = self.cells.get(cell)
        if known is None or tried.gain(candidate) > tried.gain(known):
            self.cells[cell] = candidate

    @property
    def people(self) -> tuple[Candidate, ...]:
        """The best of each kind, the unchanged code first."""
        return tuple(self.cells[cell] for cell in sorted(self.cells))

    def best(self, tried: Tried) -> Candidate:
        """Who gains most."""
        return max(self.people, key=lambda one: (tried.gain(one), one.number))


def populate(
    rounds: Sequence[Round], tried: Tried, candidates: Sequence[Candidate], *, count: int, migration: int
) -> list[Island]:
    """The islands after these rounds of evolution; `candidates` are all that were kept, whoever made them.

    A round belongs to the islands in turn, and so does what others kept, by its number. Every `migration` rounds the
    best of each island is copied to the next one.
    """
    islands = [Island() for _ in range(count)]
    mine = {one.directive.round for one in rounds}
    for candidate in candidates:
        if candidate.round not in mine:
            islands[candidate.number % count].settle(candidate, tried)
    born: Mapping[int, list[Candidate]] = {number: [] for number in mine}
    for candidate in candidates:
        if candidate.round in mine:
            born[candidate.round].append(candidate)
    for generation, one in enumerate(rounds):
        for candidate in born[one.directive.round]:
            islands[generation % count].settle(candidate, tried)
        if (generation + 1) % migration == 0:
            best = [island.best(tried) for island in islands]
            for index, traveller in enumerate(best):
                if traveller != UNCHANGED:
                    islands[(index + 1) % count].settle(traveller, tried)
    return islands


def cell_of(candidate: Candidate) -> Cell:
    """The kind of a candidate's diff."""
    try:
        patch = parse_patch(candidate.patch)
    except PatchError:
        return 0, 0
    lines = sum(kind != " " for file in patch.files for hunk in file.hunks for kind, _ in hunk.lines)
    return min(3, len(patch.files)), lines.bit_length()
