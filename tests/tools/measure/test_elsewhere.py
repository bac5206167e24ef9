"""A gain looked for again under other names, on streams whose truth is known."""

from itertools import islice

from streams import stream

from tools.measure.elsewhere import MOST_PAIRS, Elsewhere, judge_elsewhere
from tools.measure.pairs import Pair


def looked(here: float, there: float, *, seed: int = 0, noise: float = 0.02) -> Elsewhere:
    pairs = list(islice(stream(here, seed=seed, noise=noise), 12))
    others = stream(there, seed=seed + 500, noise=noise)

    def again(_: Pair) -> Pair:
        return next(others)

    return judge_elsewhere(pairs, "cpu", again)


def test_a_gain_that_is_there_as_well_is_never_a_reproach() -> None:
    for seed in range(100):
        for gain in (0.05, 0.1, 1.0):
            guard = looked(gain, gain, seed=seed).guard
            assert guard is None or guard.passed


def test_most_gains_are_seen_again_within_a_few_pairs() -> None:
    counts = [int(looked(0.1, 0.1, seed=seed).detail.rpartition(", ")[2].split()[0]) for seed in range(40)]
    assert sorted(counts)[20] <= 8
    assert max(counts) < MOST_PAIRS


def test_a_gain_that_is_gone_there_is_a_reproach() -> None:
    for seed in range(40):
        guard = looked(0.3, 0.0, seed=seed).guard
        assert guard is not None
        assert not guard.passed
        assert "here" in guard.detail


def test_where_noise_hides_it_nothing_is_said() -> None:
    assert looked(0.04, 0.02, seed=3, noise=0.4).guard is None
