"""Patches of a real project in a real sandbox: what each must be called, and that it says why."""

import pytest
from parcels import MODULE, Court

from agent.domain import Outcome

LOOP = """    found = []
    for item in left:
        if item in right:
            found.append(item)
    return found"""
TEXT = """    text = ""
    for weight in weights:
        if weight < 0:
            raise ValueError(f"no weight is below zero: {weight}")
        text = text + f"{weight} {unit};"
    return text"""


def test_a_real_gain_is_kept_with_its_interval(court: Court) -> None:
    new = "    known = set(right)\n    return [item for item in left if item in known]"
    verdict = court.judge(LOOP, new)
    assert verdict.outcome is Outcome.KEPT, verdict.reason
    assert verdict.speedup is not None
    assert verdict.speedup.low > 1.02


def test_a_cache_is_not_faster_where_only_the_batch_repeats_its_inputs(court: Court) -> None:
    kept = "_ZONES = {}\n\n\ndef zone(number):"
    body = "    total = 0\n    for step in range(300):\n        total += number * step % 7\n    return total"
    new = (
        "    if number not in _ZONES:\n        total = 0\n        for step in range(300):\n"
        "            total += number * step % 7\n        _ZONES[number] = total\n    return _ZONES[number]"
    )
    module = MODULE.replace("def zone(number):", kept).replace(body, new)
    verdict = court.judge_files({"parcels.py": module.encode()})
    assert verdict.outcome in {Outcome.NOT_FASTER, Outcome.INCONCLUSIVE}, verdict.reason
    assert "keeps results" in verdict.reason


NOT_THE_SAME = {
    "boundary": ("if weight > limit", "if weight >= limit", "now"),
    "type of the result": ("    return found", "    return tuple(found)", "(", ),
    "laziness": (
        "    for weight in weights:\n        if weight > limit:\n            yield weight",
        "    return [weight for weight in weights if weight > limit]",
        "<generator of [",
    ),
    "text of an error": ("no weight is below zero", "no weight is under zero", "ValueError"),
    "when an error is raised": (
        TEXT,
        '    return "".join(f"{weight} {unit};" for weight in weights)',
        "ValueError",
    ),
    "order": ("    return found", "    return sorted(found)", "now"),
    "arguments left alone": (
        "        weights[index] = weights[index] + by\n    return len(weights)",
        "        by + weights[index]\n    return len(weights)",
        "",
    ),
    "output": ("    return STATES.get", "    print(number)\n    return STATES.get", "stdout"),
    "a result shared between calls": (
        LOOP,
        "    key = (tuple(left), tuple(right))\n    if key not in _SEEN:\n        known = set(right)\n"
        "        _SEEN[key] = [item for item in left if item in known]\n    return _SEEN[key]",
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_THE_SAME)
def test_changed_behaviour_is_found_and_shown(court: Court, name: str) -> None:
    old, new, shown = NOT_THE_SAME[name]
    module = MODULE.replace(old, new)
    assert module != MODULE
    if "_SEEN" in new:
        module = module.replace("STATES = {", "_SEEN = {}\nSTATES = {")
    verdict = court.judge_files({"parcels.py": module.encode()})
    assert verdict.outcome in (Outcome.NOT_EQUIVALENT, Outcome.TESTS_FAILED), verdict
    if verdict.outcome is Outcome.NOT_EQUIVALENT:
        assert "before" in verdict.reason
        assert shown in verdict.reason


CHEATS = {
    "garbage collection off": ("def common(", "import gc\n\ngc.disable()\n\n\ndef common("),
    "a clock of its own": ("def common(", "import time\n\ntime.perf_counter = lambda: 0.0\n\n\ndef common("),
    "an end of its own": (
        "    found = []\n",
        "    import os\n\n    if len(left) > 10**6:\n        os._exit(0)\n    found = []\n",
    ),
    "reading its caller": ("    found = []\n", "    import sys\n\n    sys._getframe(1)\n    found = []\n"),
}


@pytest.mark.parametrize("name", CHEATS)
def test_cheats_are_named(court: Court, name: str) -> None:
    verdict = court.judge(*CHEATS[name])
    assert verdict.outcome is Outcome.CHEATED, verdict
    assert "parcels.py:" in verdict.reason or "process" in verdict.reason


def test_a_thread_that_outlives_the_call_is_a_cheat(court: Court) -> None:
    new = "    import threading, time\n\n    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    verdict = court.judge("    found = []\n", new + "    found = []\n")
    assert verdict.outcome is Outcome.CHEATED, verdict
    assert "outlive" in verdict.reason


def test_a_refactoring_without_gain_is_not_faster(court: Court) -> None:
    new = LOOP.replace("item in right", "not item not in right").replace("[]", "list()")
    assert court.judge(LOOP, new).outcome is Outcome.NOT_FASTER


def test_new_names_and_comments_alone_are_a_duplicate(court: Court) -> None:
    verdict = court.judge(
        LOOP, LOOP.replace("found", "both").replace("    both = []", "    # what both have\n    both = []")
    )
    assert verdict.outcome is Outcome.DUPLICATE


def test_what_does_not_compile_or_import_is_not_built(court: Court) -> None:
    assert court.judge("    found = []\n", "    found = [\n").outcome is Outcome.BUILD_FAILED
    missing = court.judge("STATES = {", "import nothing_of_that_name\n\nSTATES = {")
    assert missing.outcome is Outcome.BUILD_FAILED
    assert "nothing_of_that_name" in missing.reason


def test_tests_and_configuration_are_off_limits(court: Court) -> None:
    for path in ("test_parcels.py", "conftest.py", "pyproject.toml", "sitecustomize.py", ".github/workflows/ci.yml"):
        verdict = court.judge_files({path: b"# nothing\n"})
        assert verdict.outcome is Outcome.OFF_LIMITS, path
        assert path in verdict.reason


def test_what_nothing_reaches_is_inconclusive(court: Court) -> None:
    added = MODULE + "\n\ndef unreached(values):\n    return [value for value in values]\n"
    assert court.judge_files({"parcels.py": added.encode()}).outcome is Outcome.INCONCLUSIVE
