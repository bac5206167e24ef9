"""The strategy `evolve`: islands of kept diffs over the whole repository, changed, rewritten and crossed."""

import math
from collections.abc import Sequence

from agent.domain import UNCHANGED, Candidate, Directive, Round
from agent.policies.ask import ask
from agent.policies.islands import Island, populate
from agent.policies.method import Method, Parameter
from agent.policies.rewrite import rewriting
from agent.policies.search import Aim, Search, Tried, numbers

NAME = "evolve"
KINDS = ("diff", "full", "cross")
LEAST_SHARE = 0.01
"""A target's weight at least, however little of the time a profile saw in it."""
SHOWN = 2
"""Others of the island that a model is shown beside the code that it changes."""


def plan(search: Search, tried: Tried) -> Directive | None:
    """One child more on the next island."""
    names = {aim.name: aim for aim in search.aims}
    rounds = [one for one in tried.rounds if one.directive.method == NAME and one.directive.target in names]
    if len(rounds) >= search.count("generations") or tried.fruitless(rounds) >= search.count("patience"):
        return None
    kept = [one.candidate for one in tried.entries if one.verdict.kept and one.candidate.target in names]
    count = search.count("islands")
    islands = populate(rounds, tried, kept, count=count, migration=search.count("migration"))
    if not search.models:
        return _without_model(search, tried, islands, kept, rounds)
    island, chance = islands[len(rounds) % count], search.chance(tried.next_round)
    kind = chance.choices(KINDS, [search.number(name) for name in KINDS])[0]
    if kind == "cross":
        pairs = _pairs(island.people, kept, tried)
        if pairs and chance.random() < search.number("by_hunks"):
            fresh = [pair for pair in pairs if pair not in _crossed(rounds)]
            if fresh:
                return _by_hunks(tried, names, chance.choice(fresh))
        if pairs:
            first, second = chance.choice(pairs)
            return _mutate(search, tried, names[str(first.target)], kind, first, (first, second), second)
        kind = "diff"
    parent = chance.choices(island.people, [_weight(one, tried) for one in island.people])[0]
    aim = chance.choices(search.aims, [max(one.share, LEAST_SHARE) for one in search.aims])[0]
    others = [one for one in island.people if one not in (UNCHANGED, parent)]
    shown = chance.sample(others, min(SHOWN, len(others)))
    return _mutate(search, tried, aim, kind, parent, (parent, *shown))


def _mutate(
    search: Search,
    tried: Tried,
    aim: Aim,
    kind: str,
    parent: Candidate,
    shown: Sequence[Candidate],
    partner: Candidate | None = None,
) -> Directive:
    rejected = [entry for entry in tried.entries if entry.candidate.parents[:1] == (parent.number,)]
    last = numbers([entry for entry in rejected if entry.candidate.target == aim.name and not entry.verdict.kept][-1:])
    show = (*(one.number for one in shown), *last)
    warm = search.number("temperature")
    return ask(search, tried, aim, NAME, kind, parent=parent, partner=partner, show=show, temperature=warm)


def _without_model(
    search: Search, tried: Tried, islands: list[Island], kept: Sequence[Candidate], rounds: Sequence[Round]
) -> Directive | None:
    """The rewriter where it was not yet, then crossovers by hunks that were not made yet."""
    done = {(one.directive.target, one.directive.parent.number) for one in rounds if not one.directive.partner}
    names = {aim.name: aim for aim in search.aims}
    turn, chance = len(rounds) % len(islands), search.chance(tried.next_round)
    crosses = chance.random() < search.number("cross") / sum(search.number(name) for name in KINDS)
    for island in (*islands[turn:], *islands[:turn]):
        open_to = [
            (parent, aim)
            for parent in sorted(island.people, key=lambda one: -tried.gain(one))
            for aim in search.aims
            if parent == UNCHANGED or parent.target == aim.name  # elsewhere the rules find what they found before
            if (aim.name, parent.number) not in done
        ]
        fresh = [pair for pair in _pairs(island.people, kept, tried) if pair not in _crossed(rounds)]
        if fresh and (crosses or not open_to):
            return _by_hunks(tried, names, chance.choice(fresh))
        if open_to:
            parent, aim = open_to[0]
            return rewriting(tried, aim, parent, method=NAME, phase="diff")
    return None


def _by_hunks(tried: Tried, names: dict[str, Aim], pair: tuple[Candidate, Candidate]) -> Directive:
    first, second = pair
    return Directive(
        round=tried.next_round,
        parent=first,
        partner=second,
        proposer="crossover",
        target=names[str(first.target)].name,
        method=NAME,
        phase="cross",
        samples=2,
    )


def _pairs(people: Sequence[Candidate], kept: Sequence[Candidate], tried: Tried) -> list[tuple[Candidate, Candidate]]:
    """Two that can be parents of one child, the one that gains more first: neither descends from the other.

    The second one may live elsewhere where the island has nobody else.
    """
    mine = [one for one in people if one != UNCHANGED]
    found: dict[tuple[int, int], tuple[Candidate, Candidate]] = {}
    for one in mine:
        for other in mine if len(mine) > 1 else kept:
            if one == other or one.number in _line(other, tried) or other.number in _line(one, tried):
                continue
            first, second = sorted((one, other), key=lambda each: (-tried.gain(each), each.number))
            found[first.number, second.number] = (first, second)
    return [found[key] for key in sorted(found)]


def _line(candidate: Candidate, tried: Tried) -> set[int]:
    """Everybody that a candidate descends from."""
    found: set[int] = set()
    left = [candidate]
    while left:
        for number in left.pop().parents:
            if number not in found and number != UNCHANGED.number:
                found.add(number)
                left.append(tried.entry(number).candidate)
    return found


def _crossed(rounds: Sequence[Round]) -> list[tuple[Candidate, Candidate]]:
    return [
        (one.directive.parent, one.directive.partner)
        for one in rounds
        if one.directive.partner and one.directive.proposer == "crossover"
    ]


def _weight(candidate: Candidate, tried: Tried) -> float:
    """How often one becomes a parent: by what it gains, and less the more children it has."""
    children = sum(candidate.number in one.candidate.parents for one in tried.entries)
    return math.exp(min(5.0, tried.gain(candidate))) / (1 + children)


METHOD = Method(
    name=NAME,
    about="Islands of kept diffs of the whole repository; children by small edits, rewrites and crossovers.",
    sends="the parent, others of its island, what was last rejected; for a crossover, both parents",
    chooses="islands in turn; of each kind of diff the best lives on; parents by gain, less often with many children",
    paper="Novikov et al., AlphaEvolve (2025); OpenEvolve; Lange et al., ShinkaEvolve (2025)",
    url="https://arxiv.org/abs/2509.19349",
    needs_model=False,
    parameters=(
        Parameter(name="islands", default=5, low=1, high=50, about="populations that evolve apart"),
        Parameter(
            name="migration", default=50, low=1, about="rounds until the best of each island moves on to the next"
        ),
        Parameter(name="diff", default=0.6, low=0.01, high=1, about="weight of changing a few lines"),
        Parameter(name="full", default=0.3, high=1, about="weight of rewriting the function"),
        Parameter(name="cross", default=0.1, high=1, about="weight of crossing two parents"),
        Parameter(name="by_hunks", default=0.5, high=1, about="share of the crossovers that are made without a model"),
        Parameter(name="generations", default=200, low=1, about="children at most"),
        Parameter(name="patience", default=40, low=1, about="children in a row that are not kept before it ends"),
        Parameter(name="temperature", default=0.8, high=2, about="of the model"),
    ),
    plan=plan,
)
