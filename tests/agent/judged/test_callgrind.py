"""Real counts in a real sandbox: the unchanged code counts the same every time, and a saving shows."""

from pathlib import Path

import pytest
from parcels import MODULE, Court, open_court, write_project

from agent.bench import Bench
from agent.domain import UNCHANGED, Candidate, Origin, Outcome
from agent.evidence import Timed
from agent.judge import judge
from agent.probes.counts import before_confirming, explain
from tools.git.patch_maker import make_patch
from tools.measure import counts_callgrind
from tools.measure.counters import find_counter
from tools.measure.estimate import Estimate
from tools.measure.procedure import UNDECIDED_POSITIVE
from workers.settings import read_settings

pytestmark = pytest.mark.skipif(counts_callgrind.missing() is not None, reason=str(counts_callgrind.missing()))

LOOP = "    for index in range(len(weights)):\n        weights[index] = weights[index] + by\n"


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> Court:
    folder = tmp_path_factory.mktemp("counted")
    index_env = dict(read_settings().index_environment())
    return open_court(write_project(folder / "project"), folder / "home", index_env)


def bench(court: Court, new: str) -> Bench:
    patch = make_patch({"parcels.py": MODULE.encode()}, {"parcels.py": MODULE.replace(LOOP, new).encode()})
    candidate = Candidate(number=9, patch=patch, parents=(0,), origin=Origin.PERSON, summary="a test's patch")
    return Bench(
        kit=court.kit, job=court.job, baseline=court.baseline, parent=UNCHANGED, candidate=candidate, plans=court.plans
    )


def test_a_saving_of_instructions_is_counted_and_repeats(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.measure.counts.MOST_EXPECTED_S", 120.0)  # slow cores are no reason to fail here
    assert find_counter() is not None
    counts = [explain(bench(court, "    weights[:] = [weight + by for weight in weights]\n")) for _ in range(2)]
    assert counts[0].change is not None, counts[0].absent
    assert counts[0].change < -0.03
    assert counts[1].change == pytest.approx(counts[0].change, abs=1e-4)


def test_a_count_that_would_take_too_long_is_not_made(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.measure.counts.MOST_EXPECTED_S", 0.1)
    counted = explain(bench(court, "    weights[:] = [weight + by for weight in weights]\n"))
    assert counted.change is None
    assert "it would take about" in (counted.absent or "")
    assert Path(counts_callgrind.VALGRIND).exists()


@pytest.mark.parametrize(("clock", "outcome"), [("cpu", Outcome.NOT_FASTER), ("wall", None)])
def test_what_a_screening_could_not_tell_is_turned_down_by_its_count(
    court: Court, monkeypatch: pytest.MonkeyPatch, clock: str, outcome: Outcome | None
) -> None:
    monkeypatch.setattr("tools.measure.counts.MOST_EXPECTED_S", 120.0)
    slower = bench(court, LOOP.replace("weights[index] + by", "weights[index] + by + 0 * index"))
    gain = Estimate(point=1.01, low=0.9, high=1.1, level=0.95, pairs=12)
    screening = Timed(
        stage="screen",
        decision="faster",
        detail=UNDECIDED_POSITIVE,
        speedup=gain,
        clock=clock,
        workload="w",
        fresh=True,
    )
    slower.seen.append(screening)
    verdict = judge([screening, before_confirming(slower)])
    assert (verdict and verdict.outcome) is outcome
    assert verdict is None or "more instructions" in verdict.reason
