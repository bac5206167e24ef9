"""ECCO's check: a faster but less correct candidate never wins, by the judge and by what policies build upon."""

import itertools

from judged_entries import GAIN, SAME, judged, suite, timed

from agent.domain import Budget, Candidate, Origin, Outcome
from agent.evidence import Application, Build, Compared, Evidence, Glanced, Hints, Sighting, Touches
from agent.judge import judge
from agent.ledger import Ledger
from agent.policies.choose import make_policy
from agent.policies.search import Aim, Search, Tried
from storage.memory import MemoryArchive
from tools.measure.estimate import Estimate

TENFOLD = Estimate(point=10.0, low=9.5, high=10.5, level=0.95, pairs=20)
CORRECT: list[Evidence] = [
    *(Touches(), Sighting(), Application(), Hints(), Build(), suite(), SAME),
    *(timed("faster", "screen"), timed("faster"), suite(hash_seeds=(2, 3))),
]
WRONG = (
    suite(failed=1, problems=("test_a fails",)),
    Glanced(cases=3, difference="for input (1): before 1, now 2"),
    Compared(cases=40, fresh=32, difference="for input (1): before 1, now 2"),
    timed("different", detail="another result"),
)


def test_no_speed_makes_up_for_one_wrong_answer() -> None:
    """Wherever it stands in the evidence, and however fast the rest says it is."""
    faster = [timed("faster", "screen", TENFOLD), timed("faster", speedup=TENFOLD)]
    for wrong in WRONG:
        evidence = [*(one for one in CORRECT if type(one).__name__ != "Timed"), *faster]
        for place in range(len(evidence) + 1):
            verdict = judge([*evidence[:place], wrong, *evidence[place:]])
            assert verdict is not None
            assert not verdict.kept
            assert verdict.speedup is None


def test_what_is_built_upon_is_the_correct_one() -> None:
    archive = MemoryArchive()
    slow_and_right, fast_and_wrong = CORRECT, [*CORRECT[:5], WRONG[0], timed("faster", speedup=TENFOLD)]
    numbers = itertools.count(1)
    for evidence in (slow_and_right, fast_and_wrong):
        number = next(numbers)
        candidate = Candidate(
            number=number, patch=str(number), origin=Origin.MODEL, summary="s", target="shop:match", round=number
        )
        archive.add(candidate, judged(*evidence).verdict, evidence)
    assert [entry.verdict.outcome for entry in archive.entries()] == [Outcome.KEPT, Outcome.TESTS_FAILED]
    assert archive.entries()[0].verdict.speedup == GAIN
    assert Tried.of(archive).best("shop:match").number == 1
    policy = make_policy("rewrite", Search(aims=(Aim(name="shop:match", share=0.5),)))
    directive = policy.next(archive, Ledger(Budget()))
    assert directive is not None
    assert directive.parent.number == 1
