"""What holds for every strategy, whatever comes of its rounds."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.domain import Budget, Directive, Model, Origin, Round
from agent.ledger import Ledger
from agent.policies.choose import METHODS, make_policy, parse_strategy
from agent.policies.search import Search
from agent.protocols import Entry
from benchmarks.simulated import CALLS, Answer, Dice, aims_of, drive
from storage.memory import MemoryArchive

NAMES = tuple(METHODS)
MODELS = (
    Model(name="openai:small", weight=3.0, input_usd_per_mtok=0.1, output_usd_per_mtok=0.4),
    Model(name="openai:large", weight=1.0),
)
TARGETS = ("a:f", "b:g", "c:h")


class Killed(BaseException):
    """The process died."""


def search(seed: int = 0, models: tuple[Model, ...] = MODELS) -> Search:
    return Search(aims=aims_of(TARGETS), models=models, seed=seed)


def run(
    name: str,
    *,
    seed: int = 0,
    world: Callable[[Directive], Answer] | None = None,
    budget: Budget | None = None,
    models: tuple[Model, ...] = MODELS,
    deaths: int = 0,
) -> tuple[list[Round], list[Entry]]:
    """The whole search; the process dies after every `deaths`-th thing that is remembered and goes on."""
    budget = budget or Budget(candidates=40)
    archive = MemoryArchive()
    spent, steps = Ledger(budget).spend, 0

    def on_step() -> None:
        nonlocal steps
        steps += 1
        if deaths and steps % deaths == 0:
            raise Killed

    while True:
        ledger = Ledger(budget, spent, clock=lambda: 0.0)
        try:
            drive(make_policy(name, search(seed, models)), archive, ledger, world or Dice(seed=seed), on_step=on_step)
        except Killed:
            spent = ledger.spend
            continue
        return list(archive.rounds()), list(archive.entries())


@settings(max_examples=25, deadline=None)
@given(name=st.sampled_from(NAMES), seed=st.integers(0, 10_000), luck=st.sampled_from([0.0, 0.1, 0.5, 1.0]))
def test_rounds_make_sense_and_come_to_an_end(name: str, seed: int, luck: float) -> None:
    budget = Budget(candidates=40, model_calls=300)
    rounds, entries = run(name, seed=seed, world=Dice(seed=seed, luck=luck), budget=budget)
    assert rounds
    assert [one.directive.round for one in rounds] == list(range(1, len(rounds) + 1))
    kept = {entry.candidate.number: entry.candidate.round for entry in entries if entry.verdict.kept}
    judged = {entry.candidate.number: entry.candidate.round for entry in entries}
    for one in rounds:
        check(one.directive, kept, judged)
        before = sum(born < one.directive.round for born in judged.values())
        assert one.directive.samples <= budget.candidates - before
    assert len(entries) <= budget.candidates
    calls = sum(one.spend.model_calls for one in rounds)
    most = max(one.directive.samples for one in rounds) * CALLS
    assert calls < budget.model_calls + most


def check(directive: Directive, kept: dict[int, int], judged: dict[int, int]) -> None:
    assert directive.target in TARGETS
    assert directive.parent.number == 0 or kept[directive.parent.number] < directive.round
    for other in (directive.start, directive.partner):
        assert other is None or judged[other.number] < directive.round
    assert all(judged[number] < directive.round for number in directive.show)
    assert directive.samples >= 1
    if directive.proposer == "session":
        assert directive.model in {model.name for model in MODELS}
        assert directive.instruction
        assert "$" not in directive.instruction
    else:
        assert directive.proposer in ("rewrite", "crossover")
        assert directive.model is None
    assert (directive.proposer == "crossover") <= (directive.partner is not None)


@pytest.mark.parametrize("name", NAMES)
def test_a_search_that_dies_at_every_step_ends_as_one_that_does_not(name: str) -> None:
    whole = run(name, seed=3)
    assert len(whole[0]) >= len(TARGETS)
    assert run(name, seed=3, deaths=1) == whole
    assert run(name, seed=3, deaths=4) == whole


@pytest.mark.parametrize("name", NAMES)
def test_the_seed_decides(name: str) -> None:
    assert run(name, seed=1, world=Dice(seed=5)) == run(name, seed=1, world=Dice(seed=5))


def test_another_seed_goes_another_way() -> None:
    first, second = (run("evolve", seed=seed, world=Dice(seed=5)) for seed in (1, 2))
    assert [one.directive.parent for one in first[0]] != [one.directive.parent for one in second[0]]


@pytest.mark.parametrize("name", NAMES)
def test_without_a_model_only_the_rewriter_and_crossovers_are_used(name: str) -> None:
    rounds, entries = run(name, models=(), budget=Budget(candidates=200))
    assert {one.directive.proposer for one in rounds} <= {"rewrite", "crossover"}
    assert {entry.candidate.origin for entry in entries} <= {Origin.REWRITE, Origin.CROSSOVER}
    assert {one.directive.target for one in rounds} == set(TARGETS)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "rewrite"])
def test_no_model_is_asked_once_its_budget_is_used_up(name: str) -> None:
    rounds, _ = run(name, budget=Budget(candidates=60, model_calls=CALLS))
    asked = [one for one in rounds if one.directive.proposer == "session"]
    assert len(asked) == 1


def test_time_plays_no_part() -> None:
    seconds = iter(range(100_000))

    def slow(name: str) -> object:
        archive = MemoryArchive()
        ledger = Ledger(Budget(candidates=30, wall_s=1e9), clock=lambda: float(next(seconds)))
        drive(make_policy(name, search()), archive, ledger, Dice(seed=0), on_step=lambda: None)
        return list(archive.rounds()), list(archive.entries())

    for name in NAMES:
        assert slow(name) == run(name, budget=Budget(candidates=30))


def test_a_strategy_that_no_candidate_ever_comes_of_ends() -> None:
    for name in NAMES:
        rounds, entries = run(name, world=lambda _: Answer(judged=()), budget=Budget(model_calls=10**6, tokens=10**12))
        assert not entries
        assert len(rounds) < 200, parse_strategy(name)
