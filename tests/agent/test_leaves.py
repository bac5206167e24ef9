"""What a finished search delivers: kept candidates that nothing kept was judged against."""

from agent.domain import Candidate, Origin
from agent.finish import leaves
from agent.protocols import Entry
from benchmarks.simulated import kept


def entry(number: int, *parents: int) -> Entry:
    candidate = Candidate(number=number, patch="p", parents=parents, origin=Origin.MODEL, summary="s", round=number)
    return Entry(candidate=candidate, verdict=kept(1.5))


def test_the_second_parent_of_a_crossover_may_still_be_delivered() -> None:
    found = leaves([entry(1, 0), entry(2, 0), entry(3, 1, 2), entry(4, 3)])
    assert [one.candidate.number for one in found] == [2, 4]
