"""The forest that `scattered_forest` grows, read from what was tried, and how UCT walks through it."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from agent.domain import Outcome, Round
from agent.policies.search import Tried
from agent.protocols import Entry
from agent.rounds import directions_of

C = math.sqrt(2)
"""Weighs what was seldom tried against what went well, as in the paper and in UCT."""
WORTH = {
    Outcome.INCONCLUSIVE: 0.4,
    Outcome.NOT_FASTER: 0.3,
    Outcome.REGRESSED: 0.2,
    Outcome.NOT_EQUIVALENT: 0.15,
    Outcome.TESTS_FAILED: 0.15,
    Outcome.BUILD_FAILED: 0.05,
}
"""Of a candidate that was not kept and can be built upon; what is kept is worth more than half. The paper's value is
the share of tests that pass."""


@dataclass(kw_only=True)
class Node:
    """One attempt, and what grew from it."""

    entry: Entry | None
    """None where nothing came of it."""
    worth: float
    directions: tuple[str, ...] | None = None
    """Where one could go from here; None before anybody was asked."""
    children: list[tuple[str, "Node"]] = field(default_factory=list)
    """Each with the direction that led to it."""

    @property
    def alive(self) -> bool:
        """Whether anything can still grow here."""
        if self.entry is None or not (self.entry.verdict.kept or self.entry.verdict.outcome in WORTH):
            return False
        return self.directions is None or bool(self.untried) or any(child.alive for _, child in self.children)

    @property
    def untried(self) -> tuple[str, ...]:
        """Directions that nobody took."""
        taken = {direction for direction, _ in self.children}
        return tuple(one for one in self.directions or () if one not in taken)

    @property
    def visits(self) -> int:
        """How many attempts were made here and below."""
        return 1 + sum(child.visits for _, child in self.children)

    @property
    def total(self) -> float:
        """What they were worth, added up."""
        return self.worth + sum(child.total for _, child in self.children)


def grown(rounds: Sequence[Round], tried: Tried, fallback: Callable[[int], tuple[str, ...]]) -> list[Node]:
    """The trees of one target, a seed each; `fallback` names directions where a model named none."""
    seeds: list[Node] = []
    by_number: dict[int, Node] = {}
    for one in rounds:
        directive = one.directive
        origin = by_number.get(directive.begins.number)
        if directive.phase == "directions":
            if origin:
                origin.directions = directions_of(one.note) or fallback(directive.round)
            continue
        entry = next(iter(tried.of_round(directive.round)), None)
        node = Node(entry=entry, worth=_worth(entry, tried))
        if directive.phase == "seed":
            seeds.append(node)
        elif origin:
            origin.children.append((directive.idea, node))
        if entry:
            by_number[entry.candidate.number] = node
    return seeds


def walk(seeds: Sequence[Node]) -> tuple[Node, str | None] | None:
    """Where to grow next: a node and a direction, or None for one where directions must be asked for first."""
    level: Iterable[Node] = seeds
    while alive := [node for node in level if node.alive]:
        visits = sum(node.visits for node in level)
        node = max(alive, key=lambda one: uct(one.total / one.visits, visits, one.visits))
        if node.directions is None:
            return node, None
        if node.untried:
            return node, node.untried[0]
        level = [child for _, child in node.children]
    return None


def uct(value: float, parent_visits: int, visits: int) -> float:
    """v + sqrt(2) * sqrt(ln N / n)."""
    return value + C * math.sqrt(math.log(parent_visits) / visits)


def _worth(entry: Entry | None, tried: Tried) -> float:
    """From 0 to 1: above a half for what was kept, the more the more it gains over the unchanged code."""
    if entry is None:
        return 0.0
    if entry.verdict.kept:
        return 1 - 0.5 * math.exp(-max(0.0, tried.gain(entry.candidate)))
    return WORTH.get(entry.verdict.outcome, 0.0)
