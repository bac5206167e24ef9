"""Which tests an edit reaches."""

import pytest

from tools.impact import Touched, changed_functions, impacted, select_tests
from tools.profile.source import MODULE_LEVEL, Function, SourceIndex
from tools.testreport import Baseline

BEFORE = '''
import os
LIMIT = 3

def f(x, y=LIMIT):
    """Doc."""
    return x + y

class C:
    size = 1

    def m(self):
        def inner():
            return 1
        return inner()

    @property
    def p(self):
        return 1

    @p.setter
    def p(self, value):
        self.v = value
'''


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("return x + y", "return y + x", {"f"}),
        ("            return 1\n        return inner", "            return 2\n        return inner", {"C.m"}),
        ("self.v = value", "self.w = value", {"C.p"}),
        ("LIMIT = 3", "LIMIT = 4", {MODULE_LEVEL}),
        ("size = 1", "size = 2", {MODULE_LEVEL}),
        ("y=LIMIT", "y=4", {MODULE_LEVEL}),
        ("def f(", "@cache\ndef f(", {MODULE_LEVEL}),
        ("import os", "import os, re", {MODULE_LEVEL}),
        ("def m(", "def n(", {MODULE_LEVEL, "C.n"}),
        ("class C:", "def fresh():\n    return 1\n\nclass C:", {"fresh"}),
        ("class C:", "def max(x):\n    return 1\n\nclass C:", {MODULE_LEVEL}),
        ("    @property", "    def __getattr__(self, name):\n        return 1\n\n    @property", {MODULE_LEVEL}),
        ("import os", "# a comment\nimport os", set()),
        ("return x + y", "return x +", {MODULE_LEVEL}),
    ],
)
def test_changed_functions(old, new, changed):
    after = BEFORE.replace(old, new, 1)
    assert after != BEFORE
    assert changed_functions(BEFORE, after) - {"C.n"} == changed - {"C.n"}


def f(path: str, name: str) -> Function:
    return Function(path=path, qualname=name)


FILES = {
    "pkg/__init__.py": "",
    "pkg/core.py": "",
    "pkg/user.py": "from . import core",
    "pkg/alone.py": "",
    "tests/conftest.py": "",
    "tests/test_core.py": "from pkg.core import x",
    "tests/test_user.py": "def test_u():\n    import pkg.user",
    "tests/test_alone.py": "import pkg.alone",
    "tests/deep/conftest.py": "import pkg.core",
    "tests/deep/test_deep.py": "",
}
TOUCHED = Touched(
    by_test={
        "tests/test_core.py::test_a": frozenset({f("pkg/core.py", "a")}),
        "tests/test_core.py::test_ab": frozenset({f("pkg/core.py", "a"), f("pkg/core.py", "b")}),
        "tests/test_user.py::test_u": frozenset({f("pkg/user.py", "u")}),
        "tests/test_alone.py::test_z": frozenset({f("pkg/alone.py", "z")}),
        "tests/test_alone.py::test_dynamic": frozenset({f("pkg/core.py", "b")}),
        "tests/deep/test_deep.py::test_d": frozenset(),
    },
    at_import=frozenset({f("pkg/core.py", MODULE_LEVEL), f("pkg/user.py", "registered")}),
)


@pytest.mark.parametrize(
    ("changes", "reached"),
    [
        ({"pkg/core.py": {"a"}}, {"test_a", "test_ab"}),
        ({"pkg/core.py": {"b"}, "pkg/alone.py": {"z"}}, {"test_ab", "test_dynamic", "test_z"}),
        ({"pkg/core.py": {"never"}}, set()),
        ({"pkg/core.py": {MODULE_LEVEL}}, {"test_a", "test_ab", "test_u", "test_dynamic", "test_d"}),
        ({"pkg/alone.py": {MODULE_LEVEL}}, {"test_z", "test_dynamic"}),
        ({"pkg/user.py": {"registered"}}, {"test_u"}),
        ({"pkg/unseen.py": {MODULE_LEVEL}}, {"test_a", "test_ab", "test_u", "test_z", "test_dynamic", "test_d"}),
    ],
)
def test_reached_tests(tmp_path, changes, reached):
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    found = impacted(TOUCHED, changes, tree=tmp_path, sources=SourceIndex(tmp_path), durations_s={})
    assert {test.split("::")[1] for test in found} == reached


def test_the_quickest_and_most_specific_come_first(tmp_path):
    durations_s = {"tests/test_core.py::test_a": 5.0, "tests/test_core.py::test_ab": 0.01}
    found = impacted(
        TOUCHED, {"pkg/core.py": {"a"}}, tree=tmp_path, sources=SourceIndex(tmp_path), durations_s=durations_s
    )
    assert [test[-2:] for test in found] == ["ab", "_a"]
    alike = dict.fromkeys(durations_s, 1.0)
    found = impacted(TOUCHED, {"pkg/core.py": {"a"}}, tree=tmp_path, sources=SourceIndex(tmp_path), durations_s=alike)
    assert [test[-2:] for test in found] == ["_a", "ab"]


def base(count: int, seconds: float) -> Baseline:
    tests = [f"t{n:02}" for n in range(count)]
    return Baseline(
        stable=dict.fromkeys(tests, "passed"), durations_s=dict.fromkeys(tests, 1.0), seconds=seconds, flaky=("flaky",)
    )


def test_selection_keeps_to_the_budget_and_says_its_scope():
    small = select_tests(base(20, 20.0), ["t03", "flaky", "t01"], budget_s=10.0, seed=1)
    assert (small.ids, small.scope) == (("t03", "t01"), "impacted")
    assert select_tests(base(20, 20.0), ["t03"], budget_s=60.0, seed=1, full=True).ids is None

    every = [f"t{n:02}" for n in range(20)]
    many = select_tests(base(20, 20.0), every, budget_s=10.0, seed=1)
    assert (many.scope, len(many.ids), many.ids[:5], many.impacted) == ("sample", 10, tuple(every[:5]), 20)
    assert many == select_tests(base(20, 20.0), every, budget_s=10.0, seed=1)
    assert many != select_tests(base(20, 20.0), every, budget_s=10.0, seed=2)

    delivered = select_tests(base(20, 20.0), ["t03", "t01"], budget_s=10.0, seed=1, full=True)
    assert (delivered.scope, len(delivered.ids)) == ("sample", 10)
    assert {"t03", "t01"} <= set(delivered.ids)
