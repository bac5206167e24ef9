"""A journal that keeps what it must not hold out of itself."""

from collections.abc import Mapping, Sequence

from agent.domain import Step, StepKind
from agent.protocols import Journal
from tools.redaction import Redactor


class DiscreetJournal:
    """Writes into another journal, without the secrets that are known.

    What merely looks like a secret stays: a repository may hold such words, and a job that goes on is held to what it
    wrote down.
    """

    def __init__(self, inner: Journal, redactor: Redactor) -> None:
        self._inner, self._redactor = inner, redactor

    def append(
        self,
        kind: StepKind,
        title: str,
        data: Mapping[str, object] | None = None,
        *,
        candidate: int | None = None,
        round: int = 0,
    ) -> Step:
        """Write one step."""
        hidden = None if data is None else self._redactor.known_value(data)
        return self._inner.append(kind, self._redactor.known(title), hidden, candidate=candidate, round=round)

    def steps(self, *kinds: StepKind, round: int | None = None) -> Sequence[Step]:
        """As they were written."""
        return self._inner.steps(*kinds, round=round)

    def reserve_confirmation(self) -> int:
        """The other journal's."""
        return self._inner.reserve_confirmation()
