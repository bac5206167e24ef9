"""Candidates by what they compute: which of them did the same, and who wins where they did not.

After S*: Test Time Scaling for Code Generation (arXiv:2502.14382). Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from agent.protocols import Entry
from agent.selectors.fastest import gain_of


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Candidates that did the same on every input that several of them met."""

    members: tuple[Entry, ...]
    """The fastest first."""

    @property
    def head(self) -> Entry:
        """The fastest, which stands for them all."""
        return self.members[0]


Outputs = Mapping[str, str]
"""Digests of what a candidate did, by the workload that it was given."""


def clustered(entries: Sequence[Entry], outputs: Callable[[Entry], Outputs]) -> tuple[Cluster, ...]:
    """The fastest first; a candidate joins the first cluster whose head did what it does."""
    groups: list[list[Entry]] = []
    for entry in sorted(entries, key=lambda one: -gain_of(one)):
        mine = outputs(entry)
        home = next((group for group in groups if not apart(mine, outputs(group[0]))), None)
        if home is None:
            groups.append([entry])
        else:
            home.append(entry)
    return tuple(Cluster(members=tuple(group)) for group in groups)


def apart(one: Outputs, other: Outputs) -> bool:
    """Whether something that both were given came out differently."""
    return any(other.get(name, digest) != digest for name, digest in one.items())


def winner(clusters: Sequence[Cluster], first_wins: Callable[[Entry, Entry], bool | None]) -> Cluster:
    """The cluster that wins most comparisons; of equal ones the faster, which stands first.

    `first_wins` is asked for both orders of every pair; only where both orders name the same side has it won.
    """
    wins = [0] * len(clusters)
    for one, other in combinations(range(len(clusters)), 2):
        forth = first_wins(clusters[one].head, clusters[other].head)
        back = first_wins(clusters[other].head, clusters[one].head)
        if forth is not None and back is not None and forth != back:
            wins[one if forth else other] += 1
    return clusters[max(range(len(clusters)), key=lambda place: (wins[place], -place))]
