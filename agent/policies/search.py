"""What every policy chooses from, and how it reads what was tried."""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from agent.domain import UNCHANGED, Candidate, Job, Model, Round
from agent.protocols import Archive, Entry

if TYPE_CHECKING:
    from agent.baseline import Baseline

Option = float | str
"""The value of a strategy's parameter."""


@dataclass(frozen=True, kw_only=True)
class Aim:
    """A target as policies see it."""

    name: str
    """`module:function`."""
    share: float
    """Of the workload's time, its callees included."""
    own_share: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Search:
    """The same for a job from its beginning to its end."""

    aims: tuple[Aim, ...]
    """The most promising first."""
    models: tuple[Model, ...] = ()
    """Those that may be asked; empty for a job without one, and once what they may spend is spent."""
    seed: int = 0
    options: Mapping[str, Option] = field(default_factory=dict)
    """The strategy's parameters by name."""

    def number(self, name: str) -> float:
        """A parameter that is a number."""
        return float(self.options[name])

    def count(self, name: str) -> int:
        """A parameter that is a whole number."""
        return int(self.options[name])

    def text(self, name: str) -> str:
        """A parameter that is a word."""
        return str(self.options[name])

    def chance(self, round_number: int) -> random.Random:
        """What the choices of one round are drawn from: the same in every run of the job."""
        return random.Random(f"{self.seed} {round_number}")


def search_of(job: Job, baseline: "Baseline") -> Search:
    """What a job's policy chooses from."""
    aims = tuple(
        Aim(name=target.name, share=target.cumulative_share, own_share=target.own_share) for target in baseline.targets
    )
    return Search(aims=aims, models=job.models, seed=job.seed)


def faster(entry: Entry) -> float:
    """ln(time before / time after) of a kept candidate against what it was judged against."""
    return math.log(entry.verdict.speedup.point) if entry.verdict.speedup else 0.0


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What an archive holds at one moment, read once for each decision."""

    entries: tuple[Entry, ...]
    """The candidates of the search, by number."""
    rounds: tuple[Round, ...]

    @classmethod
    def of(cls, archive: Archive) -> "Tried":
        """Everything so far but what finishing made."""
        entries = tuple(entry for entry in archive.entries() if entry.candidate.round)
        return cls(entries=entries, rounds=tuple(archive.rounds()))

    @property
    def next_round(self) -> int:
        """The number of the round to begin."""
        return len(self.rounds) + 1

    def entry(self, number: int) -> Entry:
        """A candidate of the search by its number; raises KeyError for another one, such as candidate 0."""
        return self._by_number[number]

    def of_round(self, number: int) -> tuple[Entry, ...]:
        """The candidates of one round, by number."""
        return self._by_round.get(number, ())

    def on(self, target: str, *, method: str | None = None) -> tuple[Round, ...]:
        """The rounds on a target, of one method or of all, in order."""
        return tuple(
            one
            for one in self.rounds
            if one.directive.target == target and (method is None or one.directive.method == method)
        )

    def kept(self, rounds: Sequence[Round]) -> tuple[Entry, ...]:
        """What was kept in these rounds, by number."""
        return tuple(entry for one in rounds for entry in self.of_round(one.directive.round) if entry.verdict.kept)

    def fruitless(self, rounds: Sequence[Round]) -> int:
        """How many of these rounds, counted back from the last one, kept nothing."""
        for count, one in enumerate(reversed(rounds)):
            if self.kept([one]):
                return count
        return len(rounds)

    def gain(self, candidate: Candidate, of: Callable[[Entry], float] = faster) -> float:
        """What a kept candidate gains over the unchanged code, as a logarithm: added up along its first parents."""
        total = 0.0
        while candidate.number != UNCHANGED.number:
            total += of(self.entry(candidate.number))
            parent = candidate.parents[0] if candidate.parents else UNCHANGED.number
            candidate = UNCHANGED if parent == UNCHANGED.number else self.entry(parent).candidate
        return total

    def best(self, target: str, of: Callable[[Entry], float] = faster) -> Candidate:
        """What to build upon: the kept candidate on this target that gains most, else the unchanged code."""
        kept = [one.candidate for one in self.entries if one.verdict.kept and one.candidate.target == target]
        return max(kept, key=lambda one: (self.gain(one, of), one.number), default=UNCHANGED)

    @cached_property
    def _by_number(self) -> Mapping[int, Entry]:
        return {entry.candidate.number: entry for entry in self.entries}

    @cached_property
    def _by_round(self) -> Mapping[int, tuple[Entry, ...]]:
        found: dict[int, tuple[Entry, ...]] = {}
        for entry in self.entries:
            found[entry.candidate.round] = (*found.get(entry.candidate.round, ()), entry)
        return found


def numbers(entries: Sequence[Entry]) -> tuple[int, ...]:
    """Candidates by their numbers."""
    return tuple(entry.candidate.number for entry in entries)
