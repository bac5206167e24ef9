"""The contract of Calibrations, held by every memory."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.protocols import Calibrations
from storage.memory import MemoryCalibrations
from storage.store import open_store
from tools.measure.calibrate import Calibration


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def calibrations(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Calibrations]:
    if request.param == "memory":
        yield MemoryCalibrations()
        return
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with open_store(tmp_path, url) as store:
        yield store.calibrations


def run(noise: float, *, accepted: bool = False) -> Calibration:
    return Calibration(noise=noise, clock="cpu", pairs=12, accepted=accepted)


def test_runs_read_back_by_host_the_newest_first(calibrations: Calibrations) -> None:
    before = datetime.now(UTC)
    for noise in (0.01, 0.02):
        calibrations.add("here", "w", run(noise))
    calibrations.add("elsewhere", "w", run(0.5, accepted=True))
    assert [one.found for one in calibrations.of("here")] == [run(0.02), run(0.01)]
    assert calibrations.of("elsewhere")[0].found.accepted is True
    assert before <= calibrations.of("here")[0].at <= datetime.now(UTC)
    assert len(calibrations.of("here", limit=1)) == 1
    assert list(calibrations.of("nowhere")) == []
