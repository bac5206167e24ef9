"""The A/A check: what a host must do to be told that it may not judge, and what its stored runs say of it."""

from pathlib import Path

import pytest
from streams import stream

from tools.measure.calibrate import Calibration, calibrate_pairs, false_alarms
from tools.measure.cores import CoreLocks
from tools.measure.quickcheck import loop_pairs
from tools.sandbox.select import open_sandbox


@pytest.mark.parametrize("gain", [0.1, -0.1])
def test_a_host_that_sees_a_gain_between_identical_runs_may_not_judge(gain: float) -> None:
    assert calibrate_pairs(stream(gain, noise=0.002), 0.02).accepted


def test_a_quiet_and_a_noisy_host_may() -> None:
    assert not calibrate_pairs(stream(0.0, noise=0.002), 0.02).accepted
    noisy = calibrate_pairs(stream(0.0, noise=0.2), 0.02)
    assert not noisy.accepted
    assert noisy.noise > 0.05


@pytest.mark.parametrize(("accepted", "runs", "at_most"), [(0, 1, 0.95), (0, 30, 0.095), (1, 30, 0.149), (2, 2, 1.0)])
def test_the_rate_of_false_alarms_has_its_exact_bound(accepted: int, runs: int, at_most: float) -> None:
    found = [Calibration(noise=0.01 * n, clock="cpu", pairs=12, accepted=n < accepted) for n in range(runs)]
    seen = false_alarms(found)
    assert (seen.accepted, seen.runs) == (accepted, runs)
    assert seen.at_most == pytest.approx(at_most, abs=0.001)


def test_the_loop_is_work_that_a_sandbox_can_time(tmp_path: Path) -> None:
    pair = next(loop_pairs(open_sandbox("bubblewrap"), CoreLocks(tmp_path), 1))
    [before], [after] = pair.reference.windows.values(), pair.candidate.windows.values()
    assert before.wall_s > 0.005
    assert 0.1 < before.wall_s / after.wall_s < 10
