"""What `hasten doctor` finds: real findings on this host, remembered for the next time."""

from pathlib import Path

from agent.protocols import Calibrated
from storage.memory import MemoryCalibrations
from tools.measure.calibrate import Calibration
from tools.sandbox.select import open_sandbox
from workers.doctor import examine
from workers.machine import describe_machine
from workers.settings import Settings


def test_the_doctor_measures_identical_work_and_counts_what_was_measured_before(tmp_path: Path) -> None:
    calibrations = MemoryCalibrations()
    host = str(describe_machine(open_sandbox("bubblewrap"))["fingerprint"])
    calibrations.add(host, "w", Calibration(noise=0.01, clock="cpu", pairs=12, accepted=True))
    findings = {found.name: found for found in examine(Settings(home=tmp_path), "bubblewrap", calibrations)}
    seen: list[Calibrated] = list(calibrations.of(host))
    assert len(seen) == 2
    assert seen[0].found.pairs == 12
    assert findings["false alarms"].detail.startswith(f"{1 + seen[0].found.accepted} in 2 A/A runs of this host")
    assert findings["judging"].well is (not seen[0].found.accepted)
    assert findings["instructions"].well in {True, None}  # nothing to count with is no fault
