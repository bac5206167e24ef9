"""The e-process keeps its promises: checked by simulation, with seeds, at the levels that a job uses."""

import math
import random

import pytest

from tools.measure.eprocess import estimate, evidence_above, evidence_below, interval, wealth_path

MIN_GAIN = math.log(1.02)


def heavy(rng: random.Random, scale: float) -> float:
    """Symmetric noise with a tenth of outliers eight times as large."""
    return rng.gauss(0, scale) * (8 if rng.random() < 0.1 else 1)


def test_wealth_of_a_series_without_edge_rarely_ever_exceeds_one_over_alpha() -> None:
    """Ville's inequality, at every peek: the share of series whose wealth ever reaches 1/alpha stays below alpha."""
    rng = random.Random(1)
    alpha, trials = 0.05, 600
    exceeded = sum(
        max(wealth_path([MIN_GAIN + heavy(rng, 0.02) for _ in range(60)], MIN_GAIN)) >= 1 / alpha for _ in range(trials)
    )
    assert exceeded / trials <= alpha


def test_drift_between_pairs_does_not_make_evidence_because_the_order_is_random() -> None:
    rng = random.Random(2)
    alarms = 0
    for _ in range(300):
        drift = 0.0
        series = []
        for _ in range(60):
            drift += rng.gauss(0, 0.05)
            series.append(drift * rng.choice((-1, 1)))
        alarms += max(wealth_path(series, MIN_GAIN)) >= 1 / 0.01
    assert alarms <= 6


@pytest.mark.parametrize(("gain", "least_share", "most_pairs"), [(0.05, 0.9, 40), (0.10, 0.99, 20)])
def test_true_gains_are_found_within_the_cap(gain: float, least_share: float, most_pairs: int) -> None:
    rng = random.Random(3)
    took = []
    for _ in range(200):
        series: list[float] = []
        while len(series) < 60 and evidence_above(series, MIN_GAIN) < 1 / 0.0025:
            series.append(math.log1p(gain) + heavy(rng, 0.02))
        if evidence_above(series, MIN_GAIN) >= 1 / 0.0025:
            took.append(len(series))
    assert len(took) / 200 >= least_share
    assert sorted(took)[len(took) // 2] <= most_pairs


def test_intervals_contain_the_truth_at_least_as_often_as_they_say() -> None:
    rng = random.Random(4)
    covered = 0
    for _ in range(150):
        truth = rng.uniform(-0.1, 0.3)
        low, high = interval([truth + heavy(rng, 0.03) for _ in range(rng.randint(8, 40))], 0.95)
        covered += low <= truth <= high
    assert covered / 150 >= 0.95


def test_one_outlier_does_not_ruin_the_evidence() -> None:
    rng = random.Random(5)
    series = [0.1 + rng.gauss(0, 0.01) for _ in range(20)]
    ruined = [*series[:10], -5.0, *series[10:]]
    assert evidence_above(ruined, MIN_GAIN) > 400


def test_both_sides_mirror_each_other() -> None:
    series = [0.03, 0.05, -0.01, 0.07]
    assert evidence_above(series, 0.01) == evidence_below([-value for value in series], -0.01)


def test_nothing_is_evidence_of_nothing() -> None:
    assert evidence_above([], 0.0) == 1.0
    assert interval([], 0.95) == (-math.inf, math.inf)


def test_few_pairs_leave_the_interval_open() -> None:
    found = estimate([0.1, 0.2])
    assert (found.low, found.high) == (0.0, math.inf)
    assert found.point == pytest.approx(math.exp(0.15))


def test_a_constant_series_ends_in_a_narrow_interval() -> None:
    found = estimate([0.1] * 30)
    assert found.low == pytest.approx(math.exp(0.1), rel=1e-6)
    assert found.high == pytest.approx(math.exp(0.1), rel=1e-6)
