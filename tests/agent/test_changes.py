"""What an edit changes, and what makes two edits one."""

import pytest

from agent.changes import changes_of
from agent.probes.hints import look
from tools.normal_form import normal_digest

BEFORE = """import re

LIMIT = 3


def outer(x):
    def inner(y):
        return y + 1

    return inner(x)


class Thing:
    @property
    def size(self):
        return 1

    def grow(self):
        return 2
"""


def change(old: str, new: str):
    assert old in BEFORE
    found = changes_of({"a.py": BEFORE}, {"a.py": BEFORE.replace(old, new)})
    return found[0] if found else None


def test_a_line_belongs_to_the_innermost_function() -> None:
    found = change("y + 1", "y + 2")
    assert set(found.functions) == {"outer.<locals>.inner"}
    assert found.lines == {8}
    assert not found.module_level


def test_methods_go_by_their_class() -> None:
    assert set(change("return 2", "return 3").functions) == {"Thing.grow"}


def test_code_outside_of_functions_is_seen_and_comments_are_not() -> None:
    assert change("LIMIT = 3", "LIMIT = 4").module_level
    assert not change("LIMIT = 3", "LIMIT = 3\n# more").module_level


def test_a_line_that_goes_counts_for_its_function() -> None:
    found = change("        return y + 1\n", "        pass\n")
    assert "outer.<locals>.inner" in found.functions


def test_new_and_other_files() -> None:
    (found,) = changes_of({"b.py": None, "c.txt": "x"}, {"b.py": "def f():\n    return 1\n", "c.txt": "y"})
    assert set(found.functions) == {"f"}


def test_names_comments_and_layout_make_no_other_code() -> None:
    one = "def f(a):\n    total = 0\n    for x in a:\n        total += x\n    return total\n"
    other = 'def f(a):\n    """Adds."""\n    s = 0  # sum\n\n    for item in a:\n        s += item\n    return s\n'
    assert normal_digest({"a.py": one}) == normal_digest({"a.py": other})
    for changed in (
        one.replace("+= x", "+= 2 * x"),
        one.replace("(a)", "(b)").replace("in a", "in b"),
        one.replace("0", "1"),
    ):
        assert normal_digest({"a.py": one}) != normal_digest({"a.py": changed})


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("gc.disable()", "garbage"),
        ("sys.setrecursionlimit(10**6)", "recursion"),
        ("time.time = clock", "standard library"),
        ("import ctypes", "ctypes"),
        ("from _pytest import runner", "_pytest"),
        ("sys.modules['json'] = fake", "module"),
        ("open('/proc/self/maps')", "harness"),
        ("os._exit(0)", "ends the process"),
        ("atexit.register(work)", "defers"),
    ],
)
def test_hints_name_rule_and_line(line: str, rule: str) -> None:
    after = BEFORE.replace("LIMIT = 3", f"LIMIT = 3\n{line}")
    found = look(changes_of({"a.py": BEFORE}, {"a.py": after}), {"a.py": after}, {"a.py": BEFORE})
    assert rule in found.found[0].rule
    assert found.found[0].line == 4


@pytest.mark.parametrize(
    "line", ["import collections", "CACHE = {}", "x = re.compile('a')", "threads = [1]", "y = json.loads('1')"]
)
def test_honest_lines_raise_no_hint(line: str) -> None:
    after = BEFORE.replace("LIMIT = 3", f"LIMIT = 3\n{line}")
    assert not look(changes_of({"a.py": BEFORE}, {"a.py": after}), {"a.py": after}, {"a.py": BEFORE}).found


def test_a_cache_is_labelled() -> None:
    after = BEFORE.replace("def outer", "@functools.lru_cache\ndef outer")
    assert look(changes_of({"a.py": BEFORE}, {"a.py": after}), {"a.py": after}, {"a.py": BEFORE}).caches
