"""A job that is killed at a chosen moment: at the n-th thing that it writes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agent.domain import Candidate, Directive, Round, Spend, Step, StepKind, Verdict
from agent.evidence import Evidence
from agent.kit import Kit
from agent.protocols import Archive, Entry, Journal


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Fate:
    """How many things may still be written; below zero it is over."""

    left: int

    def strike(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Killed


@dataclass
class DyingJournal:
    """A journal that may not be written to for ever."""

    inner: Journal
    fate: Fate

    def append(
        self,
        kind: StepKind,
        title: str,
        data: Mapping[str, object] | None = None,
        *,
        candidate: int | None = None,
        round: int = 0,
    ) -> Step:
        self.fate.strike()
        return self.inner.append(kind, title, data, candidate=candidate, round=round)

    def steps(self, *kinds: StepKind, round: int | None = None) -> Sequence[Step]:
        return self.inner.steps(*kinds, round=round)

    def reserve_confirmation(self) -> int:
        self.fate.strike()
        return self.inner.reserve_confirmation()


@dataclass
class DyingArchive:
    """An archive that may not be written to for ever."""

    inner: Archive
    fate: Fate

    def add(self, candidate: Candidate, verdict: Verdict, evidence: Sequence[Evidence]) -> None:
        self.fate.strike()
        self.inner.add(candidate, verdict, evidence)

    def entries(self) -> Sequence[Entry]:
        return self.inner.entries()

    def begin(self, directive: Directive) -> None:
        self.fate.strike()
        self.inner.begin(directive)

    def end(self, number: int, spend: Spend, note: str = "") -> None:
        self.fate.strike()
        self.inner.end(number, spend, note)

    def rounds(self) -> Sequence[Round]:
        return self.inner.rounds()


def dying(kit: Kit, writes: int) -> Kit:
    """The kit of a process that is killed when it writes once more than this."""
    fate = Fate(writes)
    return replace(kit, journal=DyingJournal(kit.journal, fate), archive=DyingArchive(kit.archive, fate))
