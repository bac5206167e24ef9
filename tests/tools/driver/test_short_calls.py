"""A workload whose calls are shorter than the sampler's step is profiled all the same."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
WORKLOAD = "def make_input(seed, size): return 2000\ndef run(n): return sum(i * i for i in range(n))\n"
SCRIPT = """
import json, sys
from tools.driver.inputs import FileCalls
from tools.driver.serve import Session
session = Session()
session._calls = FileCalls(sys.argv[1])
session.prepare({"group": "g", "items": [[1, 1, None]]})
print(json.dumps(session.profile({"group": "g", "seconds": 0.5})["samples"]))
"""


def test_calls_shorter_than_a_step_are_seen(tmp_path: Path) -> None:
    (tmp_path / "workload.py").write_text(WORKLOAD)
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) > 10
