"""Screening and confirmation on streams whose truth is known."""

import math
from dataclasses import replace
from itertools import islice

import pytest
from streams import again, sample, stream

from tools.measure.calibrate import calibrate_pairs
from tools.measure.guards import check_guards
from tools.measure.pairs import Pair, Window
from tools.measure.procedure import (
    CONFIRM_PAIRS,
    JOB_ALPHA,
    SCREEN_PAIRS,
    Decision,
    alpha_of,
    clock_for,
    confirm,
    screen,
)


def test_levels_of_all_confirmations_of_a_job_sum_to_its_alpha() -> None:
    assert sum(alpha_of(k) for k in range(1, 200_000)) == pytest.approx(JOB_ALPHA, rel=1e-4)
    assert alpha_of(1) > alpha_of(2) > alpha_of(3)


def test_a_job_of_twenty_no_ops_keeps_none() -> None:
    """Each passes screening or not, and is confirmed at the level that is left: no job of thirty keeps anything."""
    kept = 0
    for job in range(30):
        k = 0
        for candidate in range(20):
            seed = job * 1000 + candidate
            if screen(stream(0.0, seed=seed), "cpu", min_gain=0.02).decision is not Decision.FASTER:
                continue
            k += 1
            found = confirm(stream(0.0, seed=seed + 500_000), "cpu", min_gain=0.02, alpha=alpha_of(k))
            kept += found.decision is Decision.FASTER
    assert kept == 0


def test_a_gain_of_ten_percent_is_always_found() -> None:
    for seed in range(60):
        assert screen(stream(0.10, seed=seed), "cpu", min_gain=0.02).decision is Decision.FASTER
        found = confirm(stream(0.10, seed=seed + 1000), "cpu", min_gain=0.02, alpha=alpha_of(3))
        assert found.decision is Decision.FASTER
        assert all(guard.passed for guard in found.guards)
        assert found.speedup.low > 1.02


def test_a_hopeless_candidate_is_given_up_early() -> None:
    found = screen(stream(-0.3), "cpu", min_gain=0.02)
    assert found.decision is Decision.NOT_FASTER
    assert found.speedup.pairs < SCREEN_PAIRS


def test_what_noise_hides_is_undecided_at_the_cap() -> None:
    found = confirm(stream(0.04, noise=0.5, seed=9), "cpu", min_gain=0.02, alpha=alpha_of(1))
    assert found.decision is Decision.UNDECIDED
    assert found.speedup.pairs == CONFIRM_PAIRS


@pytest.mark.parametrize(
    ("count", "said"),
    [(7, "7 pairs did not decide in the time there was"), (30, "but there was no time for 44 inputs")],
)
def test_nothing_is_decided_by_fewer_pairs_than_it_takes(count: int, said: str) -> None:
    found = confirm(islice(stream(0.20, seed=9), count), "cpu", min_gain=0.02, alpha=alpha_of(1), inputs_each=1)
    assert found.decision is Decision.UNDECIDED
    assert said in found.detail


def test_faster_on_most_inputs_and_three_times_slower_on_the_rest_is_not_faster() -> None:
    for seed in range(100):
        pairs = stream(0.10, seed=seed + 5_000, slow_share=0.2)
        found = confirm(pairs, "cpu", min_gain=0.02, alpha=alpha_of(1), inputs_each=1, again=again)
        assert found.decision is not Decision.FASTER or not all(guard.passed for guard in found.guards)


def test_a_total_that_got_worse_fails_whatever_the_median_says() -> None:
    pairs = list(islice(stream(0.10, seed=4, noise=0.001), 20))
    slow = [replace(pair, candidate=sample({"all": 0.6})) for pair in pairs[:3]]
    totals = {guard.name: guard.passed for guard in check_guards([*slow, *pairs[3:]], "cpu")}
    assert not totals["total time"]
    assert {guard.name: guard.passed for guard in check_guards(pairs, "cpu")}["total time"]


def test_noise_alone_does_not_make_an_input_slower() -> None:
    for seed in range(60):
        found = confirm(stream(0.10, seed=seed), "cpu", min_gain=0.02, alpha=alpha_of(1), inputs_each=1, again=again)
        assert found.decision is Decision.FASTER
        assert all(guard.passed for guard in found.guards)
        assert found.speedup.pairs >= 32


def test_a_size_that_got_slower_fails_its_own_guard() -> None:
    found = confirm(stream({"small": 0.5, "large": -0.1}), "cpu", min_gain=0.02, alpha=alpha_of(1))
    guards = {guard.name: guard.passed for guard in found.guards}
    assert found.decision is Decision.FASTER
    assert guards["size: small"]
    assert not guards["size: large"]


def test_work_moved_out_of_the_window_fails_its_guard() -> None:
    moved = confirm(stream(1.0, outside_s=0.23), "cpu", min_gain=0.02, alpha=alpha_of(1))
    assert not {guard.name: guard.passed for guard in moved.guards}["outside the window"]
    honest = confirm(stream(1.0, outside_s=0.201), "cpu", min_gain=0.02, alpha=alpha_of(1))
    assert {guard.name: guard.passed for guard in honest.guards}["outside the window"]


def test_a_first_call_that_a_batch_does_not_earn_back_fails_its_guard() -> None:
    def first_call(first_s: tuple[float, float]) -> bool:
        found = confirm(stream(1.0, first_s=first_s), "cpu", min_gain=0.02, alpha=alpha_of(1))
        return {guard.name: guard.passed for guard in found.guards}["first call"]

    assert not first_call((0.01, 0.10))  # the batch saves 30 ms
    assert first_call((0.01, 0.02))
    assert first_call((0.01, 0.01))


def test_memory_that_grew_fails_its_guard() -> None:
    found = confirm(stream(0.5, memory=90_000_000), "cpu", min_gain=0.02, alpha=alpha_of(1))
    assert not {guard.name: guard.passed for guard in found.guards}["peak memory"]


def test_the_clock_is_processor_time_only_where_the_reference_computes() -> None:
    assert clock_for(list(islice(stream(0.0), 2))) == "cpu"
    idle = Pair(
        reference=sample({"all": 0.06}, busy=0.5),
        candidate=sample({"all": 0.06}),
        reference_first=True,
        seed=1,
    )
    assert clock_for([idle]) == "wall"


def test_waiting_for_a_busy_host_is_not_idling() -> None:
    before = sample({"all": 0.06})
    crowded = Window(wall_s=0.12, cpu_s=0.06, waited_s=0.06)
    reference = type(before)(
        windows={"all": crowded}, whole=before.whole, peak_memory_bytes=None, outputs={"all": "same"}
    )
    assert clock_for([Pair(reference=reference, candidate=before, reference_first=True, seed=1)]) == "cpu"


def test_calibration_sees_a_gain_only_where_there_is_one() -> None:
    quiet = calibrate_pairs(stream(0.0, noise=0.005), 0.02)
    assert not quiet.accepted
    assert quiet.noise < 0.05
    assert calibrate_pairs(stream(1.0, noise=0.0001), 0.02).pairs == 12


def test_an_estimate_is_the_median_ratio() -> None:
    found = screen(stream(0.5, noise=0.001), "cpu", min_gain=0.02)
    assert math.isclose(found.speedup.point, 1.5, rel_tol=0.02)
