"""The selector `fastest`: what gained most comes first. It needs no model."""

from collections.abc import Sequence

from agent.domain import Candidate
from agent.protocols import Entry
from agent.selectors.names import FASTEST


class Fastest:
    """Of kept candidates the one with the largest confirmed gain; of equal ones the earlier."""

    name = FASTEST

    def pick(self, kept: Sequence[Entry]) -> Candidate | None:
        """The next to deliver; None where none is left."""
        return max(kept, key=gain_of).candidate if kept else None


def gain_of(entry: Entry) -> float:
    """What was confirmed of it; 1 is no gain."""
    return entry.verdict.speedup.point if entry.verdict.speedup else 1.0
