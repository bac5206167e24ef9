"""Evolution: islands in turn, the best of each kind, migration, and children of two parents."""

from collections import Counter

from agent.domain import UNCHANGED, Budget, Model, Origin
from agent.ledger import Ledger
from agent.policies.choose import make_policy
from agent.policies.evolve import NAME
from agent.policies.islands import cell_of, populate
from agent.policies.search import Search, Tried
from benchmarks.simulated import Dice, aims_of, drive
from storage.memory import MemoryArchive

TARGETS = ("a:f", "b:g", "c:h")
MODEL = Model(name="openai:small")
BIG = Budget(candidates=2000, model_calls=10_000, tokens=10**9)


def evolved(strategy: str, *, models: tuple[Model, ...] = (MODEL,), luck: float = 0.3, budget: Budget = BIG) -> Tried:
    archive = MemoryArchive()
    policy = make_policy(strategy, Search(aims=aims_of(TARGETS), models=models, seed=4))
    drive(policy, archive, Ledger(budget), Dice(seed=4, luck=luck), on_step=lambda: None)
    return Tried.of(archive)


def test_children_are_made_in_the_shares_that_were_asked_for() -> None:
    tried = evolved("evolve(generations=300,patience=300)")
    kinds = Counter(one.directive.phase for one in tried.rounds)
    assert sum(kinds.values()) == 300
    assert 0.5 < kinds["diff"] / 300 < 0.72
    assert 0.2 < kinds["full"] / 300 < 0.4
    assert 0.03 < kinds["cross"] / 300 < 0.17
    assert {one.directive.target for one in tried.rounds} == set(TARGETS)
    crossed = [one.directive for one in tried.rounds if one.directive.phase == "cross"]
    assert {one.proposer for one in crossed} == {"session", "crossover"}
    for one in crossed:
        assert one.partner
        if one.proposer == "session":  # the prompt shows both parents
            assert {one.parent.number, one.partner.number} <= set(one.show)


def test_islands_evolve_apart_until_they_migrate() -> None:
    tried = evolved("evolve(generations=40,patience=40,islands=4)", luck=0.5)
    kept = [one.candidate for one in tried.entries if one.verdict.kept]
    apart = populate(tried.rounds, tried, kept, count=4, migration=1000)
    for index, island in enumerate(apart):
        assert all(one == UNCHANGED or (one.round - 1) % 4 == index for one in island.people)
    met = populate(tried.rounds, tried, kept, count=4, migration=40)
    for index, island in enumerate(apart):
        best = island.best(tried)
        there = met[(index + 1) % 4]
        # Where the next island had somebody of that kind who gains as much, that one stays.
        assert tried.gain(there.cells[cell_of(best)]) >= tried.gain(best)
    assert [island.people for island in met] != [island.people for island in apart]


def test_of_each_kind_the_best_lives_on() -> None:
    tried = evolved("evolve(generations=60,patience=60,islands=1)", luck=0.6)
    kept = [one.candidate for one in tried.entries if one.verdict.kept]
    (island,) = populate(tried.rounds, tried, kept, count=1, migration=50)
    assert len(island.cells) > 1
    for candidate in kept:
        assert tried.gain(island.cells[cell_of(candidate)]) >= tried.gain(candidate)


def test_it_goes_on_without_a_model_by_rules_and_crossovers() -> None:
    tried = evolved("evolve", models=(), luck=0.5, budget=Budget(candidates=150))
    assert {entry.candidate.origin for entry in tried.entries} == {Origin.REWRITE, Origin.CROSSOVER}
    pairs = [
        (one.directive.parent.number, one.directive.partner.number) for one in tried.rounds if one.directive.partner
    ]
    assert len(pairs) == len(set(pairs))  # no two are crossed twice


def test_no_candidate_is_crossed_with_what_it_came_from() -> None:
    tried = evolved("evolve(generations=200,patience=200,cross=1,diff=0.3,full=0)", luck=0.5)
    crossed = [one.directive for one in tried.rounds if one.directive.phase == "cross"]
    assert len(crossed) > 20
    for one in crossed:
        assert one.partner
        assert one.partner.number not in ancestors(tried, one.parent.number)
        assert one.parent.number not in ancestors(tried, one.partner.number)
    assert all(one.directive.method == NAME for one in tried.rounds)


def ancestors(tried: Tried, number: int) -> set[int]:
    parents = [parent for parent in tried.entry(number).candidate.parents if parent]
    return set(parents).union(*(ancestors(tried, parent) for parent in parents))
