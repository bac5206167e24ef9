"""Static hints: what they see through, and what they leave alone."""

import pytest

from agent.changes import changes_of
from agent.evidence import Hints
from agent.probes.hints import look

BEFORE = '''import gc
import time

_KNOWN = {}


def total(prices):
    """The sum."""
    return sum(prices)
'''


def looked(new: str, ahead: str = "") -> Hints:
    """The hints on `total` with another body and lines ahead of it."""
    after = BEFORE.replace("    return sum(prices)", new).replace("_KNOWN = {}", f"{ahead}\n_KNOWN = {{}}")
    return look(changes_of({"a.py": BEFORE}, {"a.py": after}), {"a.py": after}, {"a.py": BEFORE})


@pytest.mark.parametrize(
    ("ahead", "new", "rule"),
    [
        ("import gc as rubbish", "    rubbish.disable()\n    return sum(prices)", "garbage collection off"),
        ("from gc import disable as quiet", "    quiet()\n    return sum(prices)", "garbage collection off"),
        ("OFF = gc.disable", "    OFF()\n    return sum(prices)", "garbage collection off"),
        ("import statistics\nstatistics.mean = sum", "    return sum(prices)", "patches the standard library"),
        ("import random\nrandom.Random.shuffle = sum", "    return sum(prices)", "patches the standard library"),
        ("setattr(time, 'perf_counter', float)", "    return sum(prices)", "patches the standard library"),
        ("import sys\nsys.modules['heapq'] = None", "    return sum(prices)", "replaces a module"),
        ("", "    return ValueError().__traceback__.tb_frame", "reads a frame"),
        ("", "    return _KNOWN.setdefault(0, 1) and _KNOWN[id(prices)]", "by identity"),
        ("", "    key = (id(prices), 1)\n    _KNOWN[key] = sum(prices)\n    return _KNOWN[key]", "by identity"),
    ],
)
def test_a_rule_is_seen_through_its_aliases(ahead: str, new: str, rule: str) -> None:
    found = looked(new, ahead).found
    assert found
    assert rule in found[0].rule
    assert found[0].text


@pytest.mark.parametrize(
    ("ahead", "new"),
    [
        ('"""Unlike /proc/self, this is honest."""', "    return sum(prices)"),
        ("class Options: ...\n\n\nOPTIONS = Options()\nOPTIONS.quick = True", "    return sum(prices)"),
        ("STARTED = time.time()", "    return sum(prices)"),
        ("", "    seen = {}\n    for price in prices:\n        seen[id(price)] = price\n    return sum(seen.values())"),
        ("def tune(code):\n    code.speed = 1", "    return sum(prices)"),
        ("import random", "    return random.Random(1).random() + sum(prices)"),
    ],
)
def test_what_only_looks_alike_is_left_alone(ahead: str, new: str) -> None:
    assert not looked(new, ahead).found


@pytest.mark.parametrize(
    "new",
    [
        "    global _KNOWN\n    _KNOWN = sum(prices)\n    return _KNOWN",
        "    _KNOWN[len(prices)] = sum(prices)\n    return _KNOWN[len(prices)]",
        "    return _KNOWN.setdefault(tuple(prices), sum(prices))",
    ],
)
def test_what_the_next_call_finds_is_a_cache(new: str) -> None:
    assert looked(new).caches


def test_a_table_made_at_import_and_a_dictionary_of_the_call_are_no_caches() -> None:
    assert not looked("    seen = {}\n    seen[1] = 2\n    return sum(prices)", "TABLE = {}\nTABLE[1] = 2").caches
