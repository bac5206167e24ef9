"""Scattered Forest Search: it leaves a valley that a line search stays in, and its branches learn from each other."""

import math

import pytest

from agent.domain import Budget, Outcome
from agent.ledger import Ledger
from agent.policies.choose import make_policy
from agent.policies.forest import Node, uct, walk
from agent.policies.scattered_forest import PREAMBLES
from agent.policies.search import Search, Tried
from agent.protocols import Entry
from benchmarks.simulated import MODEL, Basins, aims_of, candidate_of, draft_of, drive, kept
from storage.memory import MemoryArchive

WORLD = Basins(preambles=PREAMBLES, spread=5)


def search(strategy: str, world: Basins = WORLD) -> tuple[Tried, float]:
    """What was tried on the landscape with as many candidates as any strategy, and the best time found."""
    archive = MemoryArchive()
    policy = make_policy(strategy, Search(aims=aims_of(["a:f"]), models=(MODEL,)))
    drive(policy, archive, Ledger(Budget(candidates=25)), world, on_step=lambda: None)
    tried = Tried.of(archive)
    return tried, world.time_s(world.place(tried.best("a:f")))


def test_of_two_basins_it_reaches_the_better_one_and_a_line_search_does_not() -> None:
    shallow, deep = WORLD.time_s(WORLD.shallow), WORLD.time_s(WORLD.deep)
    assert search("refine(patience=20)")[1] == pytest.approx(shallow)
    assert search("scattered_forest(iterations=20)")[1] <= deep + 0.1


def test_it_crosses_a_ridge_by_steps_that_are_not_kept() -> None:
    near = Basins(preambles=PREAMBLES, spread=4)  # no seed lies beyond the ridge
    tried, time_s = search("scattered_forest(iterations=20)", near)
    seeds = [one for one in tried.rounds if one.directive.phase == "seed"]
    assert min(near.time_s(near.place(one.candidate)) for one in tried.kept(seeds)) > near.time_s(near.shallow)
    assert time_s < near.time_s(near.shallow)
    way = [tried.best("a:f")]
    while way[-1].number:
        way.append(tried.rounds[way[-1].round - 1].directive.begins)
    assert any(not tried.entry(one.number).verdict.kept for one in way[:-1])


def test_seeds_begin_apart_and_steps_follow_a_direction_each() -> None:
    tried, _ = search("scattered_forest")
    directives = [one.directive for one in tried.rounds]
    phases = [one.phase for one in directives]
    assert phases[:5] == ["seed"] * 5
    assert phases.count("grow") == 5
    assert all(words in one.instruction for words, one in zip(PREAMBLES, directives, strict=False))
    grown = [one for one in directives if one.phase == "grow"]
    assert {one.idea for one in grown} <= {"go right", "go left"}
    assert all(one.idea in one.instruction for one in grown)
    assert len({(one.begins.number, one.idea) for one in grown}) == len(grown)


def test_what_a_direction_came_to_is_told_in_other_branches() -> None:
    tried, _ = search("scattered_forest(iterations=8)")
    first, *later = [one.directive for one in tried.rounds if one.directive.phase == "grow"]
    (came,) = tried.of_round(first.round)
    elsewhere = next(one for one in later if one.begins != first.begins)
    assert f"{first.idea} {came.verdict.outcome}" in elsewhere.instruction
    assert came.verdict.reason in elsewhere.instruction


def test_a_model_that_names_no_direction_is_given_common_ones() -> None:
    def mute(directive):  # type: ignore[no-untyped-def]
        answer = WORLD(directive)
        return type(answer)(judged=answer.judged, note="I would rather not")

    archive = MemoryArchive()
    policy = make_policy("scattered_forest", Search(aims=aims_of(["a:f"]), models=(MODEL,)))
    drive(policy, archive, Ledger(Budget()), mute, on_step=lambda: None)
    ideas = [one.directive.idea for one in archive.rounds() if one.directive.phase == "grow"]
    assert len(ideas) == 5
    assert all(ideas)


def test_uct_weighs_what_went_well_against_what_was_seldom_tried() -> None:
    assert uct(0.5, 10, 4) == pytest.approx(0.5 + math.sqrt(2) * math.sqrt(math.log(10) / 4))
    good, poor = node(0.9, visited=9), node(0.6, visited=1)
    # 0.9 + 1.414 * sqrt(ln 10 / 9) = 1.61; 0.6 + 1.414 * sqrt(ln 10 / 1) = 2.75.
    assert chosen(good, poor) is poor
    good, poor = node(0.9, visited=3), node(0.1, visited=3)
    assert chosen(good, poor) is chosen(poor, good) is good


def test_what_cheats_or_does_not_apply_is_never_grown_from() -> None:
    for outcome in (Outcome.CHEATED, Outcome.OFF_LIMITS, Outcome.DUPLICATE, Outcome.DOES_NOT_APPLY):
        lone = node(0.0)
        assert lone.entry is not None
        verdict = type(lone.entry.verdict)(outcome=outcome, reason="r")
        lone.entry = Entry(candidate=lone.entry.candidate, verdict=verdict)
        assert walk([lone]) is None


def chosen(*seeds: Node) -> Node:
    found = walk(seeds)
    assert found is not None
    return found[0]


def node(worth: float, visited: int = 1) -> Node:
    """A kept seed with nobody asked where to go, or one whose children gave the same and are dead ends."""
    directive = search_directive()
    draft = draft_of(directive, {"place": "1"}, "to 1")
    entry = Entry(candidate=candidate_of(draft, directive, 1), verdict=kept(1.1))
    dead = [(f"{index}", Node(entry=None, worth=worth)) for index in range(visited - 1)]
    return Node(entry=entry, worth=worth, children=dead)


def search_directive():  # type: ignore[no-untyped-def]
    policy = make_policy("scattered_forest", Search(aims=aims_of(["a:f"]), models=(MODEL,)))
    return policy.next(MemoryArchive(), Ledger(Budget()))
