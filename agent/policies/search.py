"""What every policy chooses from, and how it reads what was tried."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.baseline import Baseline
from agent.domain import UNCHANGED, Candidate, Job, Model, Round
from agent.protocols import Archive, Entry


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
    seed: int = 0
    options: dict[str, float] = field(default_factory=dict)
    """Parameters of the strategy, where they differ from its own."""


def search_of(job: Job, baseline: Baseline) -> Search:
    """What a job's policy chooses from."""
    aims = tuple(
        Aim(name=target.name, share=target.cumulative_share, own_share=target.own_share) for target in baseline.targets
    )
    return Search(aims=aims, models=job.models, seed=job.seed)


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What an archive holds at one moment, read once for each decision."""

    entries: tuple[Entry, ...]
    rounds: tuple[Round, ...]

    @classmethod
    def of(cls, archive: Archive) -> "Tried":
        """Everything so far."""
        return cls(entries=tuple(archive.entries()), rounds=tuple(archive.rounds()))

    @property
    def next_round(self) -> int:
        """The number of the round to begin."""
        return len(self.rounds) + 1

    def of_round(self, number: int) -> tuple[Entry, ...]:
        """The candidates of one round, by number."""
        return tuple(entry for entry in self.entries if entry.candidate.round == number)

    def on(self, target: str, *, method: str | None = None) -> tuple[Round, ...]:
        """The rounds on a target, of one method or of all, in order."""
        return tuple(
            one
            for one in self.rounds
            if one.directive.target == target and (method is None or one.directive.method == method)
        )

    def best(self, target: str) -> Candidate:
        """What to build upon: the candidate that was kept last on this target, else the unchanged code."""
        kept = [
            one for one in self.entries if one.verdict.kept and one.candidate.target == target and one.candidate.round
        ]
        return kept[-1].candidate if kept else UNCHANGED


def numbers(entries: Sequence[Entry]) -> tuple[int, ...]:
    """Candidates by their numbers."""
    return tuple(entry.candidate.number for entry in entries)
