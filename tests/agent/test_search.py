"""The policy and the ledger: what is tried next, and when the search ends."""

from agent.domain import UNCHANGED, Budget, Candidate, Origin, Outcome, Spend, StepKind, Verdict
from agent.ledger import Ledger
from agent.policies.rewrite import RewritePolicy, ended_rounds
from storage.memory import MemoryArchive, MemoryJournal


class Clock:
    """Seconds that pass when told to."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def kept(number: int, target: str, parent: int = 0) -> tuple[Candidate, Verdict]:
    candidate = Candidate(
        number=number, patch="p", parents=(parent,), origin=Origin.REWRITE, summary="s", target=target
    )
    return candidate, Verdict(outcome=Outcome.KEPT, reason="r")


def test_each_target_once_and_again_on_top_of_what_was_kept() -> None:
    archive, journal = MemoryArchive(), MemoryJournal()
    policy = RewritePolicy(UNCHANGED, ["a:f", "b:g"], lambda: ended_rounds(journal))
    ledger = Ledger(Budget())

    def end(parent: int, target: str) -> None:
        journal.append(StepKind.DIRECTIVE, "t", {"parent": parent, "target": target, "ended": True})

    first = policy.next(archive, ledger)
    assert first is not None
    assert (first.parent.number, first.target) == (0, "a:f")
    archive.add(*kept(1, "a:f"), ())
    end(0, "a:f")
    second = policy.next(archive, ledger)
    assert second is not None
    assert (second.parent.number, second.target) == (1, "a:f")
    end(1, "a:f")
    third = policy.next(archive, ledger)
    assert third is not None
    assert (third.parent.number, third.target) == (0, "b:g")
    end(0, "b:g")
    assert policy.next(archive, ledger) is None


def test_a_round_that_did_not_end_is_begun_again() -> None:
    journal = MemoryJournal()
    journal.append(StepKind.DIRECTIVE, "t", {"parent": 0, "target": "a:f"})
    policy = RewritePolicy(UNCHANGED, ["a:f"], lambda: ended_rounds(journal))
    assert policy.next(MemoryArchive(), Ledger(Budget())) is not None


def test_the_search_stops_in_time_to_finish() -> None:
    clock = Clock()
    ledger = Ledger(Budget(wall_s=100.0), clock=clock)
    assert ledger.exhausted is None
    clock.now_s = 90.0
    assert "100 s" in str(ledger.exhausted)
    assert ledger.left_s == 10.0


def test_candidates_are_counted_and_waiting_is_not() -> None:
    clock = Clock()
    ledger = Ledger(Budget(candidates=2), Spend(candidates=1, wall_s=5.0), clock)
    clock.now_s = 30.0
    ledger.excuse(10.0)
    assert ledger.spend.wall_s == 25.0
    assert ledger.exhausted is None
    ledger.charge_candidate()
    assert "2 candidates" in str(ledger.exhausted)
