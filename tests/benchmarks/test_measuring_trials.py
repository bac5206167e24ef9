"""The committed sessions, resampled: a reduced version of the false-alarm and power rows."""

import random
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.measuring.experiments import EXPERIMENTS, JobSeen, Seen, as_recorded
from benchmarks.measuring.report import page
from benchmarks.measuring.resample import BLOCK, Resampled
from benchmarks.measuring.sessions import DATA, Recording, load, save
from benchmarks.measuring.trials import RESULTS, described, stored_results

MOST_BYTES = 400 * 1024
LEAST_FOUND = {"5 %, noisy neighbour": 0.9, "10 %, noisy neighbour": 0.97}
"""Of a few trials of each; the full figures stand in docs/measuring.md."""


@pytest.fixture(scope="module")
def recording() -> Recording:
    return load()


def tried(recording: Recording, name: str, trials: int) -> list[Seen]:
    experiment, _ = EXPERIMENTS[name]
    rng = random.Random(name)
    seen = [experiment(recording.sessions, rng) for _ in range(trials)]
    return [one for one in seen if isinstance(one, Seen)]


def test_identical_code_is_never_judged_faster(recording: Recording) -> None:
    assert not [one for one in as_recorded(recording.sessions) if one.trial.faster]
    assert not [one for one in tried(recording, "identical code", 300) if one.trial.faster]


def test_identical_code_is_recorded_on_every_condition_and_workload_and_half_of_it_as_children(
    recording: Recording,
) -> None:
    seen = {(one.workload, one.condition, one.child) for one in recording.sessions if one.change == "no-op"}
    wanted = {
        (workload, condition, child)
        for workload in ("python", "command", "numpy")
        for condition in ("quiet", "other core", "both cores")
        for child in (False, True)
    }
    assert wanted <= seen


def test_a_job_of_twenty_no_ops_keeps_none(recording: Recording) -> None:
    job, _ = EXPERIMENTS["a job of twenty no-ops"]
    rng = random.Random(7)
    jobs = [job(recording.sessions, rng) for _ in range(15)]
    assert not [one for one in jobs if isinstance(one, JobSeen) and one.faster]


def test_gains_are_found_beside_a_noisy_neighbour(recording: Recording) -> None:
    for name, least in LEAST_FOUND.items():
        seen = tried(recording, name, 100)
        assert sum(one.trial.kept for one in seen) / len(seen) >= least


def test_what_is_slower_on_a_fifth_of_the_inputs_is_not_kept(recording: Recording) -> None:
    seen = tried(recording, "10 % on four fifths, 3x slower on the rest", 60)
    assert not [one for one in seen if one.trial.kept]


def test_a_stream_keeps_neighbouring_pairs_together_and_exchanges_sides_as_a_whole(recording: Recording) -> None:
    session = recording.sessions[0]
    plain = Resampled(session=session, rng=random.Random(5)).pairs()
    swapped = Resampled(session=session, rng=random.Random(5), swapped=True).pairs()
    numbers = []
    for _ in range(3 * BLOCK):
        one, other = next(plain), next(swapped)
        assert (one.reference, one.candidate) == (other.candidate, other.reference)
        assert one.reference_first is not other.reference_first
        numbers.append(one.seed)
    steps = [(later - earlier) % len(session.pairs) for earlier, later in pairwise(numbers)]
    assert sum(step == 1 for step in steps) >= 3 * (BLOCK - 1)


def test_a_recording_is_small_and_reads_back_as_it_was_written(recording: Recording, tmp_path: Path) -> None:
    save(recording, tmp_path / "again.gz")
    assert load(tmp_path / "again.gz") == recording
    assert DATA.stat().st_size < MOST_BYTES


def test_a_report_shows_every_experiment_that_was_stored() -> None:
    text = page(stored_results())
    for name in EXPERIMENTS:
        if name.startswith(("5 %", "10 %")):
            assert name in text


def test_stored_results_name_the_recording_they_are_of(recording: Recording) -> None:
    stored = stored_results(RESULTS)
    assert (stored["taken"], stored["sessions"]) == (recording.taken, len(recording.sessions))


def test_an_alarm_shows_in_the_figures(recording: Recording) -> None:
    """The same trials on a gain that is real: were it called identical code, the row would say so."""
    row = described(tried(recording, "10 %, noisy neighbour", 20))["all"]
    assert row["faster"] > 0
    assert row["trials"] == 20
