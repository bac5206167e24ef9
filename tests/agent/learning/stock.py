"""A project with a hot line, a large allocation, a broken test and a slow one, prepared once; desks to try it at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from silent import forgetful, silent_job

from agent.baseline import Baseline, prepare
from agent.desk import Desk
from agent.domain import UNCHANGED, Candidate, Directive, Job, Origin
from agent.kit import Kit

TARGET = "stock:overlap"
MODULE = '''"""What is in stock."""


def overlap(left, right):
    """What stands in both, in the order of the left."""
    found = []
    for item in left:
        if item in right:
            found.append(item)
    return found


def spread(count):
    """A large table that is needed for a moment only."""
    rows = []
    for row in range(count):
        rows.append(list(range(row, row + 500)))
    return sum(len(row) for row in rows)


def unused(number):
    """No test runs it."""
    return number
'''
TESTS = """
import time

import pytest

from stock import overlap, spread


@pytest.mark.parametrize("count", [0, 1, 7, 40, 400])
def test_overlap(count):
    left = [f"P{number}" for number in range(count)]
    assert overlap(left, left[::2]) == left[::2]


def test_slow_overlap():
    until = time.process_time() + 0.15
    while time.process_time() < until:
        assert overlap([1, 2], [2, 3]) == [2]


def test_spread():
    assert spread(40) == 20000


def test_broken_anyway():
    assert overlap([1], [1]) == [2]
"""


@dataclass(frozen=True)
class Stock:
    """The prepared project."""

    job: Job
    kit: Kit
    baseline: Baseline

    def desk(self, module: str | None = None, *, target: str = TARGET, start: str = "") -> Desk:
        """A desk of its own, with the module edited; `start` is the patch of what the session begins with."""
        begun = Candidate(number=1, patch=start, parents=(0,), origin=Origin.MODEL, summary="a start")
        directive = Directive(
            round=1,
            parent=UNCHANGED,
            start=begun if start else None,
            proposer="session",
            target=target,
            method="test",
        )
        kit = forgetful(self.kit, self.job)
        desk = Desk(job=self.job, baseline=self.baseline, directive=directive, kit=kit, plans=PLANS)
        if module is not None:
            desk.write("stock.py", module)
        return desk


PLANS: dict = {}  # type: ignore[type-arg]
"""Shared: sizing batches takes a moment."""


def open_stock(folder: Path, index_env: dict[str, str]) -> Stock:
    """Write and prepare the project."""
    project = folder / "project"
    project.mkdir(parents=True)
    (project / "stock.py").write_text(MODULE)
    (project / "test_stock.py").write_text(TESTS)
    job, kit = silent_job(project, folder / "home", index_env)
    return Stock(job=job, kit=kit, baseline=prepare(job, kit))


def edited(old: str, new: str) -> str:
    """The module with `old`, which must stand there, replaced by `new`."""
    assert old in MODULE
    return MODULE.replace(old, new)
