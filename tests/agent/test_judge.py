"""The judge alone: which evidence leads to which verdict, and that nothing is kept while anything is missing."""

import json
from itertools import combinations
from typing import Any

import pytest

from agent.domain import Outcome
from agent.evidence import (
    Application,
    Build,
    Compared,
    Evidence,
    Glanced,
    Guard,
    Hint,
    Hints,
    Sighting,
    Tested,
    Timed,
    Touches,
    from_json,
    to_json,
)
from agent.judge import judge
from tools.measure.estimate import Estimate

GAIN = Estimate(point=1.5, low=1.4, high=1.6, level=0.95, pairs=20)
LOSS = Estimate(point=0.8, low=0.7, high=0.9, level=0.95, pairs=20)


def suite(**values: object) -> Tested:
    defaults: dict[str, Any] = {"passed": 5, "failed": 0, "flaky": 0, "scope": "impacted", "hash_seeds": (1,)}
    return Tested(**{**defaults, **values})


def timed(stage: str = "confirm", decision: str = "faster", **values: object) -> Timed:
    defaults: dict[str, Any] = {"detail": "d", "speedup": GAIN, "clock": "cpu", "workload": "w", "fresh": True}
    return Timed(stage=stage, decision=decision, **{**defaults, **values})


GOOD: list[Evidence] = [
    Touches(),
    Sighting(),
    Application(),
    Hints(),
    Build(),
    suite(),
    Compared(cases=10, fresh=8),
    timed("screen"),
    timed(),
    suite(hash_seeds=(2, 3)),
]


def test_everything_good_is_kept_with_the_confirmations_speedup() -> None:
    verdict = judge(GOOD)
    assert verdict is not None
    assert verdict.outcome is Outcome.KEPT
    assert verdict.speedup == GAIN


KINDS = sorted({type(seen) for seen in GOOD}, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kinds", [*combinations(KINDS, 1), *combinations(KINDS, 2)])
def test_nothing_is_kept_while_a_kind_of_evidence_is_missing(kinds: tuple[type, ...]) -> None:
    assert judge([seen for seen in GOOD if not isinstance(seen, kinds)]) is None


def test_a_screening_alone_keeps_nothing() -> None:
    assert judge([seen for seen in GOOD if seen != timed()]) is None


def test_too_few_hash_seeds_keep_nothing() -> None:
    assert judge(GOOD[:-1]) is None


AGAINST = [
    (Touches(forbidden=("tests/x.py (tests)",)), Outcome.OFF_LIMITS),
    (Sighting(same_as=0), Outcome.DUPLICATE),
    (Sighting(same_as=3), Outcome.DUPLICATE),
    (Application(problem="no"), Outcome.DOES_NOT_APPLY),
    (Build(problem="no"), Outcome.BUILD_FAILED),
    (Hints(found=(Hint(rule="r", path="p", line=1, text="t"),)), Outcome.CHEATED),
    (suite(problems=("t fails",)), Outcome.TESTS_FAILED),
    (Glanced(cases=1, difference="d"), Outcome.NOT_EQUIVALENT),
    (Glanced(cases=1, cheat="c", difference="d"), Outcome.CHEATED),
    (Compared(cases=1, fresh=1, difference="d"), Outcome.NOT_EQUIVALENT),
    (Compared(cases=1, fresh=1, cheat="c", difference="d"), Outcome.CHEATED),
    (Compared(cases=1, fresh=1, not_reached=("f",)), Outcome.INCONCLUSIVE),
    (Compared(cases=1, fresh=1, never_timed=True), Outcome.INCONCLUSIVE),
    (Compared(cases=0, fresh=0), Outcome.INCONCLUSIVE),
    (timed("screen", "not faster"), Outcome.NOT_FASTER),
    (timed("screen", "different"), Outcome.NOT_EQUIVALENT),
    (timed("confirm", "broken"), Outcome.NOT_EQUIVALENT),
    (timed("confirm", "not faster"), Outcome.NOT_FASTER),
    (timed("confirm", "not faster", speedup=LOSS), Outcome.REGRESSED),
    (timed("confirm", "undecided"), Outcome.INCONCLUSIVE),
    (timed(guards=(Guard(name="peak memory", passed=False, detail="2 times"),)), Outcome.REGRESSED),
    (timed(guards=(Guard(name="outside the window", passed=False, detail="+9 ms"),)), Outcome.CHEATED),
    (timed(guards=(Guard(name="under other names", passed=False, detail="1.00x there"),)), Outcome.CHEATED),
]


@pytest.mark.parametrize(("against", "outcome"), AGAINST)
def test_one_thing_against_it_decides_whatever_comes_after(against: Evidence, outcome: Outcome) -> None:
    verdict = judge([GOOD[0], against, *GOOD[1:]])
    assert verdict is not None
    assert verdict.outcome is outcome
    assert verdict.reason


@pytest.mark.parametrize(
    ("decision", "unreached", "outcome"),
    [
        ("not faster", False, Outcome.NOT_FASTER),
        ("not faster", True, None),
        ("different", False, None),
        ("broken", False, None),
        ("undecided", False, None),
        ("cheated", True, Outcome.CHEATED),
    ],
)
def test_before_behaviour_is_compared_whole_a_screening_may_say_nothing_yet(
    decision: str, unreached: bool, outcome: Outcome | None
) -> None:
    seen = [*GOOD[:6], Glanced(cases=9, unreached=unreached), timed("screen", decision)]
    verdict = judge(seen)
    assert (verdict and verdict.outcome) is outcome
    never_timed = judge([*seen, Compared(cases=9, fresh=9, never_timed=True)])
    assert never_timed is not None
    assert never_timed.outcome is (outcome or Outcome.INCONCLUSIVE)
    same = judge([*seen, Compared(cases=9, fresh=9)])
    assert same is not None
    assert same.outcome is not Outcome.KEPT


def test_a_screenings_estimate_is_never_reported() -> None:
    verdict = judge([timed("screen", "not faster")])
    assert verdict is not None
    assert verdict.speedup is None


def test_caveats_of_all_evidence_are_passed_on_once() -> None:
    seen = [Compared(cases=9, fresh=0, caveats=("fixed",)) if isinstance(one, Compared) else one for one in GOOD]
    seen = [Hints(caches=True) if isinstance(one, Hints) else one for one in seen]
    verdict = judge(seen)
    assert verdict is not None
    assert verdict.kept
    assert verdict.caveats[0].startswith("cache")
    assert "fixed" in verdict.caveats


def test_a_tolerance_that_was_used_is_a_caveat_with_the_largest_difference() -> None:
    seen = [Compared(cases=9, fresh=9, deviation=3e-12) if isinstance(one, Compared) else one for one in GOOD]
    verdict = judge([timed(deviation=2.5e-10) if one == timed() else one for one in seen])
    assert verdict is not None
    assert verdict.kept
    assert [caveat for caveat in verdict.caveats if "float-tolerance: up to 2.5e-10 apart" in caveat]
    unused = judge(GOOD)
    assert unused is not None
    assert unused.caveats == ()


@pytest.mark.parametrize("seen", [*GOOD, *(against for against, _ in AGAINST)])
def test_evidence_survives_the_journal(seen: Evidence) -> None:
    assert from_json(json.loads(json.dumps(to_json(seen)))) == seen
