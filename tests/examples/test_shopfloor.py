"""The sample project holds what the README promises: slow spots that a rule finds, and one trap."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agent.proposers.rewrite import rewrites

SAMPLE = Path(__file__).resolve().parent.parent.parent / "examples/shopfloor"
SLOW = {
    "costing.py": ("cost_lots",),
    "schedule.py": ("dispatch", "quiet_levels"),
    "stock.py": ("split_blocked", "pick_list"),
}
TRAP = ("storing.py", "put_away")
PLAN = """
import sys
sys.path[:0] = ["src", "benchmarks"]
import orders
print([orders.run(orders.make_input(seed, size)) for seed, size in ((1, 40), (2, 150), (3, 300))])
"""


def plan(tree: Path) -> str:
    """What the workload of a copy of the sample returns on a few inputs."""
    command = [sys.executable, "-I", "-B", "-c", f"import os; os.chdir({str(tree)!r})\n{PLAN}"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def passes_its_tests(tree: Path) -> bool:
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "pythonpath=src", "tests"]
    return subprocess.run(command, cwd=tree, capture_output=True, check=False, timeout=60).returncode == 0


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the sample to edit."""
    copy = tmp_path / "shopfloor"
    shutil.copytree(SAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", ".pytest_cache"))
    return copy


def test_it_passes_its_own_tests(tree: Path) -> None:
    assert passes_its_tests(tree)


@pytest.mark.parametrize(("module", "function"), [(name, slow) for name in SLOW for slow in SLOW[name]])
def test_a_rule_finds_each_slow_spot(tree: Path, module: str, function: str) -> None:
    path = tree / "src/shopfloor" / module
    before = plan(tree)
    edits = rewrites(path.read_text(), function, path=str(path))
    assert edits, "no rule proposes anything"
    for edit in edits:
        path.write_text(edit.source)
        assert plan(tree) == before, edit.summary


def test_the_trap_is_proposed_and_wrong_and_its_tests_do_not_notice(tree: Path) -> None:
    module, function = TRAP
    path = tree / "src/shopfloor" / module
    before = plan(tree)
    edits = rewrites(path.read_text(), function, path=str(path))
    assert edits
    for edit in edits:
        path.write_text(edit.source)
        assert passes_its_tests(tree), edit.summary
        assert plan(tree) != before, edit.summary
