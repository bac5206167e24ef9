"""Stopped at any moment, a job leaves nothing behind and goes on later; a candidate that hangs is not kept."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from promises import GOOD_TEST, Said, everything, groups

Make = Callable[..., Path]
Call = Callable[..., Said]
HANGS = {
    "hasten.toml": "test-limit-s = 3\n",
    "tests/test_m.py": "import time\ndef test_hangs(): time.sleep(600)\n",
    "tests/test_z.py": GOOD_TEST.format("last"),
}


def started(folder: Path, home: Path, scratch: Path, moment: str) -> subprocess.Popen[str]:
    """A job that has come to this phase."""
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "optimize", str(folder), "--max-candidates", "1", "--budget-s", "60"],
        env={**os.environ, "HASTEN_HOME": str(home), "TMPDIR": str(scratch), "NO_COLOR": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for said in process.stderr:
        if f" {moment} " in said:
            return process
    raise AssertionError(f"it ended before `{moment}`")


@pytest.mark.parametrize("moment", ["environment", "tests", "calibration"])
def test_a_stopped_job_leaves_nothing_and_goes_on(
    project: Make, hasten: Call, home: Path, tmp_path: Path, moment: str
) -> None:
    folder = project(HANGS)
    before = everything(folder)
    process = started(folder, home, tmp_path / "scratch", moment)
    if moment == "tests":
        until(lambda: groups(process.pid) != [])
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    last = err.splitlines()[-1]
    assert last.startswith("hasten: stopped; `hasten optimize --resume ")
    assert groups(process.pid) == []
    assert list((tmp_path / "scratch").iterdir()) == []
    assert everything(folder) == before
    if moment == "tests":
        said = hasten("optimize", Path("--resume"), last.split()[-3].rstrip("`"))
        assert said.code == 0
        assert "hangs (it had not ended after 3 s): tests/test_m.py::test_hangs" in " ".join(said.out.split())


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


PATCH = """\
--- a/shop.py
+++ b/shop.py
@@ -1,5 +1,6 @@
 def total(n):
     s = 0
     for i in range(n):
         s += i
+    while n > 20000: pass
     return s
"""


def test_a_test_that_hangs_with_the_patch_only_is_its_failure(project: Make, hasten: Call, tmp_path: Path) -> None:
    patch = tmp_path / "p.diff"
    patch.write_text(PATCH)
    said = hasten("judge", project({"hasten.toml": "test-limit-s = 3\n"}), "--patch", str(patch))
    assert said.code == 3
    assert "TESTS_FAILED" in said.out
    assert "tests/test_a.py::test_good hangs (it had not ended after 3 s)" in " ".join(said.out.split())
