"""Edits of small functions (`edits.toml`), run on both sides in the sandbox: what is found, and how it is shown."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from two_sides import TwoSides, two_sides

from tools.equivalence.behaviour import Behaviour

EDITS = tomllib.loads(Path(__file__).with_name("edits.toml").read_text())
WRONG = {edit["name"]: edit for edit in EDITS["wrong"]}
HONEST = {edit["name"]: edit for edit in EDITS["honest"]}


@pytest.fixture
def sides(tmp_path: Path) -> TwoSides:
    return two_sides(tmp_path)


def compared(sides: TwoSides, edit: dict[str, Any]) -> Behaviour:
    calls = ast.literal_eval(edit["calls"])
    if edit.get("iterator"):
        calls = [(iter(first), *rest) for first, *rest in calls]
    return sides.calls(edit["before"], edit["after"], edit["function"], calls)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_edit_is_found_and_shown(sides: TwoSides, name: str) -> None:
    found = compared(sides, WRONG[name])
    assert found.difference is not None
    assert found.difference.startswith("for input (")
    assert WRONG[name].get("shown", "") in found.difference


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_edit_is_the_same(sides: TwoSides, name: str) -> None:
    found = compared(sides, HONEST[name])
    assert (found.difference, found.cheat) == (None, None)
    assert found.fresh > 100


def test_objects_are_made_anew_by_their_constructor_and_used(sides: TwoSides) -> None:
    before = """
    class Shelf:
        def __init__(self, most, strict=True):
            self.most = most
            self._items = []
            self._strict = strict

        def add(self, item):
            if len(self._items) >= self.most:
                if self._strict:
                    raise ValueError(item)
                self._items.clear()
            self._items.append(item)

        def newest(self):
            return self._items[-1] if self._items else None
    """
    full = before.replace("self._items.clear()", "self._items.pop(0) if self._items else None")
    made, added = sides.pickled(before, "[((Shelf.__new__(Shelf), 3), {})]", "[((Shelf(3), 'a'), {})]")
    workload = sides.recorded("Shelf.add", added, made)
    assert sides.compare(before, before, workload).difference is None
    found = sides.compare(before, full, workload)
    assert found.difference is not None
    assert "_strict=False" in found.difference


def test_a_difference_of_private_state_is_said_to_be_one(sides: TwoSides) -> None:
    before = """
    class Counter:
        def __init__(self):
            self._calls = 0

        def count(self, text):
            self._calls += 1
            return len(text)
    """
    (counted,) = sides.pickled(before, "[((Counter(), 'text'), {})]")
    after = before.replace("+= 1", "+= 2")
    found = sides.compare(before, after, sides.recorded("Counter.count", counted))
    assert found.difference is not None
    assert found.difference.endswith("before 1, now 2 at [0][0]._calls, which is private state")


def test_a_counter_example_is_as_small_as_it_gets(sides: TwoSides) -> None:
    before = "def total(rows, scale):\n    return sum(row['n'] for row in rows) * scale\n"
    after = "def total(rows, scale):\n    return sum(row['n'] for row in rows if row['n'] != 13) * scale\n"
    rows = [{"n": number, "name": f"row {number}"} for number in range(40)]
    found = sides.calls(before, after, "total", [(rows, 3.5), (rows[:7], 2.0)])
    assert found.difference == "for input ([{'n': 13}], 1.0): before 13.0, now 0.0"


def test_a_workload_files_inputs_are_made_smaller_too(sides: TwoSides) -> None:
    before = "def total(numbers):\n    return sum(numbers)\n"
    after = "def total(numbers):\n    return sum(numbers) if len(numbers) != 57 else 0\n"
    workload = """
    import random
    import subject
    sizes = (100,)
    def make_input(seed, size):
        rng = random.Random(seed)
        return [rng.randint(1, 9) for _ in range(size)]
    def run(numbers):
        return subject.total(numbers)
    """
    found = sides.file(before, after, workload)
    assert found.difference is not None
    numbers = re.fullmatch(r"for input \(\[([01, …]+)\]\): before \d+, now 0", found.difference)
    assert numbers is not None, found.difference


def test_what_the_reference_does_not_repeat_is_left_out(sides: TwoSides) -> None:
    before = "import time\ndef stamp(n):\n    return (n, time.time_ns())\n"
    found = sides.calls(before, before + "\n", "stamp", [(1,), (2,)])
    assert found.difference is None
    assert found.cases == 0
    assert found.unseen > 100


def test_types_that_cannot_be_looked_into_are_named(sides: TwoSides) -> None:
    before = "import threading\ndef lock(n):\n    return threading.Lock()\n"
    assert sides.calls(before, before + "\n", "lock", [(1,)]).opaque == ("_thread.lock",)


def test_lines_are_known_that_ran_before_processes_ended(sides: TwoSides) -> None:
    text = "import os\ndef check(n):\n    if n > 1 << 40:\n        os._exit(3)\n    return n + 1\n"
    found = sides.calls(text, text.replace("n + 1", "1 + n"), "check", [(3,), (70,), (500,)])
    assert (found.difference, found.cheat) == (None, None)
    assert 5 in found.lines["/project/subject.py"]


@pytest.mark.parametrize("second", [None, "its process is not as it was"])
def test_nobody_is_accused_of_what_a_second_process_does_not_show(
    sides: TwoSides, second: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = iter(["its process is not as it was", second])
    monkeypatch.setattr("tools.equivalence.behaviour._cheat", lambda *_: next(shown))
    text = "def twice(n):\n    return n + n\n"
    found = sides.calls(text, text.replace("n + n", "2 * n"), "twice", [(3,)])
    assert (found.cheat, found.doubt) == ((second, None) if second else (None, "its process is not as it was"))
