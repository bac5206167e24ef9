"""The policy and the ledger: what is tried next, and when the search ends."""

import pytest

from agent.domain import Budget, Candidate, Origin, Outcome, Spend, Verdict
from agent.ledger import Ledger
from agent.policies.choose import make_policy
from agent.policies.search import Aim, Search
from storage.memory import MemoryArchive


class Clock:
    """Seconds that pass when told to."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def kept(number: int, target: str, parent: int = 0, round: int = 1) -> tuple[Candidate, Verdict]:
    candidate = Candidate(
        number=number,
        patch="p",
        parents=(parent,),
        origin=Origin.REWRITE,
        summary="s",
        target=target,
        round=round,
    )
    return candidate, Verdict(outcome=Outcome.KEPT, reason="r")


@pytest.mark.parametrize("name", ["rewrite", "portfolio", "refine"])
def test_without_a_model_each_target_once_and_again_on_top_of_what_was_kept(name: str) -> None:
    archive = MemoryArchive()
    policy = make_policy(name, Search(aims=(Aim(name="a:f", share=0.5), Aim(name="b:g", share=0.2))))
    ledger = Ledger(Budget())

    def following() -> tuple[int, int, str] | None:
        directive = policy.next(archive, ledger)
        if directive is None:
            return None
        archive.begin(directive)
        archive.end(directive.round, Spend())
        return directive.round, directive.parent.number, directive.target

    assert following() == (1, 0, "a:f")
    archive.add(*kept(1, "a:f"), ())
    assert following() == (2, 1, "a:f")
    assert following() == (3, 0, "b:g")
    assert following() is None


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
