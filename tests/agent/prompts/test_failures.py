"""Failures are named by their kind: each is planted, really run, and named by the text that a judgement would hold."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.probes.code import _IMPORT
from agent.prompts.failures import FailureClass, FailureKind, classify_failure
from tools.driver.encoding import Encoder
from tools.equivalence.calls import Answer, Comparison

ROOT = Path(__file__).parents[3]

MODULES = {
    FailureKind.INCOMPLETE_SYNTAX: "def total(values):\n    return sum((value for value in values)\n\nx = 1\n",
    FailureKind.INDENTATION: "def total(values):\n    result = 0\n      result += 1\n    return result\n",
    FailureKind.IMPORT: "from fastcollections import total\n",
}
"""Planted in a file that is compiled and imported as the probe `builds?` does."""

TESTS = {
    FailureKind.API_MISUSE: "def total(values):\n    values.push(1)\n",
    FailureKind.DEFINITION_MISSING: "def total(values):\n    return sum(numbers)\n",
    FailureKind.BOUNDARY: "def total(values):\n    return values[3]\n",
    FailureKind.ARGUMENT: "def total(values, start):\n    return sum(values, start)\n",
    FailureKind.RUNTIME_MINOR: "def total(values):\n    return values[0] + total(values)\n",
    FailureKind.LOGIC: "def total(values):\n    return sum(values) + 1\n",
    FailureKind.HALLUCINATION: "import math\n\ndef total(values):\n    return math.fast_total(values)\n",
}
"""Planted in a function that a test calls."""

COUNTER_EXAMPLES: dict[FailureKind, tuple[Callable[[list[int]], object], Callable[[list[int]], object]]] = {
    FailureKind.FORMAT: (lambda values: values[:2], lambda values: tuple(values[:2])),
    FailureKind.FUNCTIONAL_MINOR: (sorted, lambda values: values.sort() or list(values)),
}
"""What was there before, and what is planted: compared as behaviour is."""

REPORTING = """
import json, sys
sys.path.insert(0, {root!r})
from tools.driver.outcomes import message_of

def pytest_runtest_logreport(report):
    if report.failed:
        sys.__stdout__.write("FAILED " + json.dumps([report.nodeid, message_of(report)]) + chr(10))
"""


def built(text: str, folder: Path) -> str:
    file = folder / "planted.py"
    file.write_text(text)
    command = [sys.executable, "-c", _IMPORT, str(file), "planted"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    return f"the changed files do not compile and import: {run.stderr.splitlines()[-1]}"


def said_by_tests(modules: dict[str, str], folder: Path) -> dict[str, str]:
    """What each module's test says, as the comparison of suites words it."""
    (folder / "conftest.py").write_text(REPORTING.format(root=str(ROOT)))
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
        test = f"from {name} import total\n\ndef test_{name}():\n    assert total([1, 2, 3]) == 6\n"
        (folder / f"test_{name}.py").write_text(test)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-s", "."]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    lines = [line.partition("FAILED ")[2] for line in run.stdout.splitlines() if "FAILED [" in line]
    said = [json.loads(line) for line in lines]
    return {test.partition("::test_")[2]: f"{test} fails: {message}" for test, message in said}


def counter_example(before: Callable[[list[int]], object], now: Callable[[list[int]], object]) -> str:
    def seen(function: Callable[[list[int]], object]) -> dict[str, object]:
        values = [3, 1, 2]
        returned = ["returned", Encoder().encode(function(values))]
        arguments = [[Encoder().encode(values)], {}]
        return {"seen": [{"returned": returned, "arguments": arguments, "effects": {}}]}

    text = Comparison().calls(seen(before), Answer(seen=seen(now)))
    assert text is not None
    return f"for input ([3, 1, 2]): {text}"


def test_twelve_planted_failures_are_named_right(tmp_path: Path) -> None:
    said = {kind: built(text, tmp_path) for kind, text in MODULES.items()}
    suites = tmp_path / "suite"
    suites.mkdir()
    messages = said_by_tests({f"planted_{kind.name.lower()}": text for kind, text in TESTS.items()}, suites)
    said |= {kind: messages[f"planted_{kind.name.lower()}"] for kind in TESTS}
    said |= {kind: counter_example(*both) for kind, both in COUNTER_EXAMPLES.items()}
    assert set(said) == set(FailureKind)
    named = {kind: classify_failure(text) for kind, text in said.items()}
    wrong = {kind: (said[kind], found) for kind, found in named.items() if found is None or found.kind is not kind}
    assert wrong == {}


def test_three_classes_of_three_five_and_four_kinds() -> None:
    classes = [kind.failure_class for kind in FailureKind]
    assert [classes.count(one) for one in FailureClass] == [3, 5, 4]


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        ("[]", "v[9]", FailureKind.BOUNDARY),
        ("v[9]", "None", FailureKind.BOUNDARY),
        ("'1, 2'", "'1,2'", FailureKind.FORMAT),
        ("v", "iter(v)", FailureKind.FORMAT),
        ("{1: 2}", "{1: 3}", FailureKind.LOGIC),
        ("0.3", "0.1 + 0.2", FailureKind.FUNCTIONAL_MINOR),
        ("v", "None", FailureKind.LOGIC),
        ("v", "v.total()", FailureKind.API_MISUSE),
        ("v", "Counter(v)", FailureKind.IMPORT),
    ],
)
def test_counter_examples_tell_more_than_that_something_differs(before: str, now: str, kind: FailureKind) -> None:
    def seen(expression: str) -> dict[str, object]:
        try:
            returned = ["returned", Encoder().encode(eval(expression, {"v": [3, 1, 2]}))]
        except Exception as error:  # noqa: BLE001 - whatever the planted expression raises
            returned = ["raised", Encoder().exception(error)]
        return {"seen": [{"returned": returned, "arguments": [[], {}], "effects": {}}]}

    text = Comparison().calls(seen(before), Answer(seen=seen(now)))
    found = classify_failure(f"for input ([3, 1, 2]): {text}")
    assert found is not None
    assert found.kind is kind, text


def test_a_value_that_begins_with_a_letter_beyond_ascii_is_classified_too() -> None:
    found = classify_failure("for input (1): before Échec(1), now Ärger(1)")
    assert found is not None


def test_a_suite_that_hangs_is_named_and_words_without_a_failure_are_not() -> None:
    hang = classify_failure("test_a.py::test_b hangs (nothing was heard of it for 10 s).")
    assert hang is not None
    assert hang.kind is FailureKind.RUNTIME_MINOR
    assert classify_failure("gains of 5% are ruled out") is None
