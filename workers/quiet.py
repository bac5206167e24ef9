"""A journal that reads and does not write: for work that is done once more and was written down before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from agent.domain import Step, StepKind
from agent.kit import Kit
from agent.protocols import Journal


class QuietJournal:
    """Implements `agent.protocols.Journal` over another one."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def append(
        self,
        kind: StepKind,
        title: str,
        data: Mapping[str, object] | None = None,
        *,
        candidate: int | None = None,
        round: int = 0,
    ) -> Step:
        """The step as it would be written, without a number."""
        return Step(
            number=0, kind=kind, title=title, data=data or {}, candidate=candidate, round=round, at=datetime.now(UTC)
        )

    def steps(self, *kinds: StepKind, round: int | None = None) -> Sequence[Step]:
        """What stands in the journal."""
        return self._journal.steps(*kinds, round=round)

    def reserve_confirmation(self) -> int:
        """The next number, which is taken for good here too."""
        return self._journal.reserve_confirmation()


def quiet(kit: Kit) -> Kit:
    """The same tools, with nothing written down."""
    return replace(kit, journal=QuietJournal(kit.journal))
