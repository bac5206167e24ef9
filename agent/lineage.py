"""What a candidate is about: the targets that it, or what it was made of, was to make faster."""

from collections.abc import Sequence

from agent.domain import Candidate
from agent.protocols import Entry


def targets_behind(candidate: Candidate, entries: Sequence[Entry]) -> frozenset[str]:
    """The candidate's own target and those of all that it grew from; finishing gives what it makes none of its own."""
    known = {entry.candidate.number: entry.candidate for entry in entries}
    found: set[str] = set()
    waiting, met = [candidate], {candidate.number}
    while waiting:
        one = waiting.pop()
        found |= {one.target} if one.target else set()
        parents = [known[number] for number in one.parents if number in known and number not in met]
        met |= {parent.number for parent in parents}
        waiting += parents
    return frozenset(found)
