"""Suites that hang, fork, flood or lack something: the rest of the suite serves, and what was set aside is said."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from promises import GOOD_TEST, Said

Make = Callable[..., Path]
Call = Callable[..., Said]
LIMIT = {"hasten.toml": "test-limit-s = 3\n"}
LAST = {"tests/test_z.py": GOOD_TEST.format("last")}


def test_no_tests(project: Make, hasten: Call) -> None:
    said = hasten("profile", project(good=False))
    assert said.code == 1
    assert 'pytest found no tests; name where they are in hasten.toml, such as `tests = ["tests"]`' in said.last


def test_nothing_but_failing_tests(project: Make, hasten: Call) -> None:
    said = hasten("profile", project({"tests/test_x.py": "def test_x(): assert 0, 'never'\n"}, good=False))
    assert said.code == 1
    assert "its one test does not pass on the unchanged code (first: tests/test_x.py::test_x:" in said.last
    assert "mend the environment in hasten.toml" in said.last


def test_no_test_file_can_be_imported(project: Make, hasten: Call) -> None:
    said = hasten("profile", project({"tests/test_x.py": "import no_such_module_zz\n"}, good=False))
    assert said.code == 1
    assert "no test file could be imported (first: tests/test_x.py); name what is missing in hasten.toml" in said.last


def test_no_hotspot(project: Make, hasten: Call) -> None:
    files = {"shop.py": "X = 1\n", "tests/test_x.py": "import shop\ndef test_x(): assert shop.X == 1\n"}
    said = hasten("profile", project(files, good=False))
    assert said.code == 0
    assert "No function of the project takes a share of the time that could be seen" in said.out
    assert "--workload or --bench" in said.out


def test_a_project_that_cannot_be_built(project: Make, hasten: Call) -> None:
    toml = '[project]\nname = "x"\nversion = "1"\ndependencies = ["hasten-no-such-package-zz"]\n'
    said = hasten("profile", project({"pyproject.toml": toml}))
    assert said.code == 1
    assert "failed at `uv pip install" in said.last
    assert "hasten.toml" in said.last
    assert "hasten-no-such-package-zz" in said.err.rpartition("hasten: ")[2]


def test_settings_that_cannot_be_read(project: Make, hasten: Call) -> None:
    said = hasten("profile", project({"hasten.toml": "test-limit-s = 0\n"}))
    assert said.code == 1
    assert said.last == "hasten: hasten.toml: `test-limit-s` must be a number above 0, not 0."


def test_hangs_when_pytest_starts(project: Make, hasten: Call) -> None:
    said = hasten("profile", project({"conftest.py": "import time\ntime.sleep(600)\n", **LIMIT}))
    assert said.code == 1
    assert "pytest did not come to the first test" in said.last
    assert "look at its conftest files and plugins" in said.last


FORKS = """
import os
def test_forks():
    while True:
        try: os.fork()
        except OSError: pass
"""
PRINTS = (
    "import os\ndef test_prints(capfd):\n    with capfd.disabled():\n        while True: os.write(2, b'x' * 65536)\n"
)
DAEMON = """
import os, time
def test_daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0: time.sleep(600)
        os._exit(0)
"""


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("import time\ndef test_hangs(): time.sleep(600)\n", "hangs (it had not ended after 3 s): {}::test_hangs"),
        ("while True: pass\n", "hangs (it had not ended after 3 s): {}"),
        ("import os\ndef test_exits(): os._exit(0)\n", "ends the run (the process exited with code 0): {}::test_exits"),
        (FORKS, "hangs (it had not ended after 3 s): {}::test_forks"),
        (PRINTS, "ends the run (it printed more than 16 MiB on standard error): {}::test_prints"),
        ("import os, shutil\ndef test_deletes(): shutil.rmtree(os.getcwd())\n", "failing: {}::test_deletes"),
    ],
    ids=["hangs", "import hangs", "exits", "forks", "prints", "deletes"],
)
def test_one_bad_test_is_set_aside_and_the_rest_serves(project: Make, hasten: Call, text: str, aside: str) -> None:
    said = hasten("profile", project({"tests/test_m.py": text, **LIMIT, **LAST}))
    assert said.code == 0
    assert "2 tests pass" in said.err
    assert aside.format("tests/test_m.py") in " ".join(said.out.split())


def test_a_daemon_ends_with_the_suite(project: Make, hasten: Call) -> None:
    said = hasten("profile", project({"tests/test_m.py": DAEMON, **LIMIT}))
    assert said.code == 0
    assert "2 tests pass" in said.err


LACKING = """
import os, socket, urllib.request
def test_network(): urllib.request.urlopen("https://example.org", timeout=5)
def test_address(): socket.create_connection(("192.0.2.1", 80), timeout=2)
def test_service(): socket.create_connection(("127.0.0.1", 6379), timeout=2)
def test_display():
    if "DISPLAY" not in os.environ: raise RuntimeError("no display name and no $DISPLAY environment variable")
def test_disk():
    with open("/tmp/big", "wb") as file:
        try:
            while True: file.write(bytes(1 << 20))
        finally: os.unlink("/tmp/big")
"""


def test_what_tests_lack_is_named(project: Make, hasten: Call, tmp_path: Path) -> None:
    folder = project({"tests/test_m.py": LACKING, **LAST})
    said = hasten("optimize", folder, "--budget-s", "30", "--max-candidates", "1", "--json", str(tmp_path / "r.json"))
    assert said.code == 0
    tests = json.loads((tmp_path / "r.json").read_text())["baseline"]["tests"]
    groups = {group["why"]: [name.rpartition("::")[2] for name in group["names"]] for group in tests["absent"]}
    assert groups == {
        "failing for want of the network": ["test_network", "test_address"],
        "failing for want of a service that listens": ["test_service"],
        "failing for want of a display": ["test_display"],
        "failing for want of room on the disk": ["test_disk"],
    }
    assert (tests["collected"], tests["passed"], tests["failed"]) == (7, 2, 5)
    assert "failing for want of the network" in " ".join(said.out.split())


def test_a_flaky_test_is_named(project: Make, hasten: Call) -> None:
    flaky = "import os\ndef test_flaky(): assert os.environ['PYTHONHASHSEED'] != '2'\n"
    said = hasten("profile", project({"tests/test_m.py": flaky, **LAST}))
    assert said.code == 0
    assert "Set aside flaky: tests/test_m.py::test_flaky" in " ".join(said.out.split())


def test_a_long_suite_keeps_to_the_budget_and_says_what_ran(project: Make, hasten: Call, tmp_path: Path) -> None:
    slow = "import time, pytest\n@pytest.mark.parametrize('n', range(400))\ndef test_n(n): time.sleep(0.5)\n"
    folder = project({"tests/test_m.py": slow, "tests/test_o.py": slow})
    report = tmp_path / "r.json"
    said = hasten("optimize", folder, "--budget-s", "25", "--max-candidates", "1", "--json", str(report))
    assert said.code == 0
    tests = json.loads(report.read_text())["baseline"]["tests"]
    [left] = [group for group in tests["absent"] if group["why"] == "not run for want of time"]
    assert tests["collected"] == 801
    assert 10 < tests["passed"] + left["count"] == 801
    assert {name.partition("::")[0] for name in left["names"]} <= {"tests/test_m.py", "tests/test_o.py"}
    assert tests["scope"] == "sample"
    assert "of the suite ran)" in said.out
    assert "--budget-s gives the suite more time" in said.err
