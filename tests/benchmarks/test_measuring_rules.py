"""Other tools' rules on samples whose answer is known from the tools themselves or by hand."""

import random

import pytest

from benchmarks.measuring import rules


def runs(middle: float, count: int, *, spread: float = 0.01, seed: int = 1) -> list[float]:
    rng = random.Random(seed)
    return [middle * (1 + rng.gauss(0, spread)) for _ in range(count)]


@pytest.mark.parametrize("name", rules.RULES)
def test_every_rule_sees_a_third_and_none_sees_a_loss(name: str) -> None:
    rule, count = rules.RULES[name]
    before, after = runs(1.0, count), runs(0.67, count, seed=2)
    assert rule(before, after)
    assert not rule(after, before)


def test_asv_wants_a_tenth_unless_told_otherwise() -> None:
    before, after = runs(1.0, 20), runs(0.95, 20, seed=2)
    assert not rules.asv(before, after)
    assert rules.asv_significant(before, after)


def test_codeflash_looks_at_the_fastest_runs_only() -> None:
    assert rules.codeflash([1.0, 1.0, 1.0], [0.94, 3.0, 3.0])
    assert not rules.codeflash([1.0, 1.0, 1.0], [0.96, 0.96, 0.96])


def test_hyperfine_looks_beyond_its_deviation() -> None:
    assert not rules.hyperfine([1.0, 1.1, 0.9], [0.95, 1.05, 0.85])
    assert rules.hyperfine_headline([1.0, 1.1, 0.9], [0.95, 1.05, 0.85])


def test_pyperf_calls_one_in_forty_independent_pairs_of_samples_faster() -> None:
    rng = random.Random(3)
    trials = 1500
    hits = sum(
        rules.pyperf([rng.gauss(1, 0.02) for _ in range(20)], [rng.gauss(1, 0.02) for _ in range(20)])
        for _ in range(trials)
    )
    assert hits / trials == pytest.approx(0.025, abs=0.012)


def test_mann_and_whitney_is_exact() -> None:
    """Three below three others: two of the twenty orderings are as extreme."""
    assert rules._mann_whitney([4, 5, 6], [1, 2, 3]) == pytest.approx(2 / 20)
