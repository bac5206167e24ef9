"""What instruction counts may decide: they turn down what a screening could not tell apart, and never accept."""

import pytest

from agent.domain import Outcome
from agent.evidence import Counted, Evidence, Timed, from_json, to_json
from agent.judge import judge
from tools.measure.estimate import Estimate

GAIN = Estimate(point=1.03, low=0.9, high=1.1, level=0.95, pairs=12)
SCREENING = Timed(
    stage="screen", decision="faster", detail="d", speedup=GAIN, clock="cpu", workload="w", fresh=True
)  # fmt: skip


def counted(after: int, *, undecided: bool = True) -> Counted:
    return Counted(tool="callgrind", workload="w", before=1000, after=after, undecided=undecided)


@pytest.mark.parametrize(("after", "words"), [(1031, "3.1% more"), (1000, "about as many"), (998, "about as many")])
def test_what_no_clock_could_tell_and_saves_no_instructions_is_not_faster(after: int, words: str) -> None:
    verdict = judge([SCREENING, counted(after)])
    assert verdict is not None
    assert verdict.outcome is Outcome.NOT_FASTER
    assert words in verdict.reason


def test_fewer_instructions_lead_to_a_confirmation_and_no_further() -> None:
    assert judge([SCREENING, counted(900)]) is None


def test_a_screening_that_saw_a_gain_is_not_overruled_by_a_count() -> None:
    assert judge([SCREENING, counted(1100, undecided=False)]) is None


def test_what_could_not_be_counted_decides_nothing() -> None:
    seen: list[Evidence] = [
        SCREENING,
        Counted(tool="", workload="w", absent="valgrind is not installed", undecided=True),
    ]
    assert judge(seen) is None


def test_a_count_reads_back_from_the_journal() -> None:
    assert from_json(to_json(counted(900))) == counted(900)
