"""Every rule rewrites what it should, to code that does the same and is faster, and refuses what only looks alike."""

import copy
import itertools
import random
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from corpus_cases import Case, cases

from agent.proposers.rewrite import rewrites
from agent.proposers.rewrite.module import ModuleUnderEdit
from agent.proposers.rewrite.rules import RULES

ACCEPTED, REFUSED = cases("accept"), cases("refuse")
BY_NAME = {rule.name: rule for rule in RULES}
SIZES = (0, 1, 2, 3, 7, 30)
SEEDS = range(8)


def edits_of(case: Case) -> list[str]:
    """The sources that the case's own rule proposes."""
    return [edit.source for edit in BY_NAME[case.rule].rewrite(ModuleUnderEdit(case.before), case.qualname)]


def needs(case: Case) -> None:
    """Skip a case that runs code of a library which is not installed here; what the rule writes is tested anyway."""
    for library in ("numpy", "pandas"):
        if f"import {library}" in case.before:
            pytest.importorskip(library)


def load(source: str, qualname: str) -> Callable[..., Any]:
    """The function of a module's text."""
    scope: dict[str, Any] = {"__name__": "case"}
    exec(compile(source, "<case>", "exec"), scope)
    first, *rest = qualname.split(".")
    value: Any = scope[first]
    for part in rest:
        value = getattr(value, part)
    function: Callable[..., Any] = value
    return function


def outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[str, str, str]:
    """Result or exception, and the arguments afterwards, as text that tells types apart."""
    arguments = copy.deepcopy(arguments)
    try:
        result = ("returned", repr(function(*arguments)))
    except Exception as error:  # noqa: BLE001 - any exception is a result to compare
        result = (type(error).__name__, str(error))
    return (*result, repr(arguments))


LEAST_S = 0.004
"""A shorter stretch is not timed: more calls are made at once."""
LEAST_ROUNDS, PLAIN = 3, 1.5
"""Rounds before a gain is believed; one that is so many times what is wanted is plain at once."""
MOST_S = 6.0
"""Of processor time, for one case: a busy host may need more rounds, code that is no faster never gets there."""


def seconds(function: Callable[..., Any], arguments: tuple[Any, ...], calls: int) -> float:
    """Processor seconds of one call, as the mean of several."""
    copies = [copy.deepcopy(arguments) for _ in range(calls)]
    begin = time.process_time()
    for fresh in copies:
        function(*fresh)
    return (time.process_time() - begin) / calls


def enough_calls(function: Callable[..., Any], arguments: tuple[Any, ...]) -> int:
    """How many calls take long enough to be timed together."""
    for calls in (1, 8, 64):
        if seconds(function, arguments, calls) * calls > LEAST_S:
            return calls
    return 512


def ratio_of(before: Callable[..., Any], after: Callable[..., Any], arguments: tuple[Any, ...], wanted: float) -> float:
    """The shortest time before over the shortest after, in turns, until it is what is wanted or the time is up.

    Whatever else the host does only ever adds time, so both shortest times come down to what the code itself takes.
    """
    calls = enough_calls(before, arguments), enough_calls(after, arguments)
    best = [float("inf"), float("inf")]
    began_s = time.process_time()
    for count in itertools.count(1):
        for side, function in enumerate((before, after)):
            best[side] = min(best[side], seconds(function, arguments, calls[side]))
        ratio = best[0] / best[1]
        if ratio >= (wanted if count >= LEAST_ROUNDS else PLAIN * wanted) or time.process_time() - began_s > MOST_S:
            return ratio
    raise AssertionError("rounds have no end")


@pytest.mark.parametrize("case", ACCEPTED, ids=str)
def test_accepted_case_gives_the_expected_text(case: Case) -> None:
    assert edits_of(case)[:1] == [case.after]


@pytest.mark.parametrize("case", ACCEPTED, ids=str)
def test_accepted_case_is_among_the_rewriters_edits(case: Case) -> None:
    assert case.after in [edit.source for edit in rewrites(case.before, case.qualname, path="case.py")]


@pytest.mark.parametrize("case", ACCEPTED, ids=str)
def test_every_edit_of_an_accepted_case_does_the_same(case: Case) -> None:
    needs(case)
    inputs = load(case.inputs, "inputs")
    before = load(case.before, case.qualname)
    for edit in rewrites(case.before, case.qualname, path="case.py"):
        after = load(edit.source, case.qualname)
        for size in SIZES:
            for seed in SEEDS:
                arguments = made(inputs, seed, size)
                if arguments is not None:
                    assert outcome(before, arguments) == outcome(after, arguments), (edit.rule, arguments)


@pytest.mark.parametrize("case", ACCEPTED, ids=str)
def test_accepted_case_is_faster_on_a_large_input(case: Case) -> None:
    needs(case)
    inputs = load(case.inputs, "inputs")
    before, after = load(case.before, case.qualname), load(case.after, case.qualname)
    arguments = made(inputs, 1, load(case.inputs + "\n\ndef size(): return large", "size")())
    assert arguments is not None
    wanted = load(case.inputs + "\n\ndef ratio(): return faster", "ratio")()
    assert ratio_of(before, after, arguments, wanted) >= wanted


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_refused_case_is_left_alone_by_its_rule(case: Case) -> None:
    assert edits_of(case) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_has_a_corpus(rule: Any) -> None:
    assert sum(case.rule == rule.name for case in ACCEPTED) >= 1
    assert sum(case.rule == rule.name for case in REFUSED) >= 5
    assert re.fullmatch(r"[A-Z`].*\.", rule.safe_when)


def made(inputs: Callable[..., tuple[Any, ...]], seed: int, size: int) -> tuple[Any, ...] | None:
    """The inputs of a seed and size, None where there are none of that size."""
    try:
        return inputs(random.Random(seed), size)
    except (ValueError, IndexError):
        return None
