"""Shares and their intervals, against published values."""

import pytest

from benchmarks.measuring.shares import Share, at_least


def test_none_of_three_thousand_is_bounded_by_about_a_thousandth() -> None:
    """The rule of three, at two-sided 95 %: 1 - 0.025 ** (1 / n)."""
    share = Share(hits=0, trials=3000)
    assert share.low == 0.0
    assert share.high == pytest.approx(1 - 0.025 ** (1 / 3000), rel=1e-6)


def test_the_interval_is_the_one_of_the_textbooks() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 and 15 of 148."""
    assert (Share(hits=81, trials=263).low, Share(hits=81, trials=263).high) == pytest.approx(
        (0.2527, 0.3676), abs=1e-4
    )
    assert (Share(hits=15, trials=148).low, Share(hits=15, trials=148).high) == pytest.approx(
        (0.0578, 0.1617), abs=1e-4
    )


def test_all_of_them_ends_at_one() -> None:
    share = Share(hits=50, trials=50)
    assert share.high == 1.0
    assert share.low == pytest.approx(0.025 ** (1 / 50), rel=1e-6)


def test_the_chance_of_at_least_so_many_heads() -> None:
    assert at_least(2, 3, 0.5) == pytest.approx(0.5)
    assert at_least(0, 3, 0.0) == 1.0
    assert at_least(1, 3, 1.0) == 1.0
