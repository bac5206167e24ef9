"""What a command leaves running, told apart from what the host runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.sandbox.contract import Command, Limits, Mount
from tools.sandbox.select import open_sandbox

ROOT = Path(__file__).parents[3]
PREFIX = Path(sys.base_prefix).resolve()
PYTHON = str(PREFIX / f"bin/python3.{sys.version_info.minor}")
LEAVING = """
import subprocess, sys
sys.path.insert(0, sys.argv[1])
from tools.driver.command import _others
before = _others()
left = subprocess.Popen(["sleep", "30"], start_new_session=True)
print(sys.argv[2] in map(str, before), _others() - before == {left.pid})
"""


def test_processes_of_the_host_are_not_the_commands() -> None:
    sandbox = open_sandbox("none")
    if any("no control group" in missing for missing in sandbox.degraded):
        pytest.skip("nothing here tells a command's processes from the host's")
    with subprocess.Popen(["sleep", "30"]) as stranger:
        # The sandbox has a /tmp of its own, and the checkout may stand in the host's.
        mounts = (Mount(source=PREFIX, target=str(PREFIX)), Mount(source=ROOT / "tools", target="/checkout/tools"))
        argv = (PYTHON, "-I", "-B", "-c", LEAVING, "/checkout", str(stranger.pid))
        finished = sandbox.run(Command(argv=argv, mounts=mounts, limits=Limits(wall_s=20.0)))
        stranger.kill()
    assert (finished.stdout.decode(), finished.tail()) == ("False True\n", "False True")
