"""The strategy `portfolio`: the rewriter, which is free, then the other methods where most is left to gain."""

import math
from collections.abc import Mapping
from dataclasses import replace

from agent.domain import Directive, Model, Round
from agent.policies import best_of_n, evolve, perfcodegen, profile_refine, refine, rewrite, scattered_forest
from agent.policies.bandit import Pull, best_first
from agent.policies.method import Method, Parameter
from agent.policies.search import Aim, Option, Search, Tried, faster

NAME = "portfolio"
ARMS: Mapping[str, tuple[Method, Mapping[str, Option]]] = {
    one.name: (one, options)
    for one, options in (
        (refine.METHOD, {}),
        (profile_refine.METHOD, {"rounds": 3}),
        (best_of_n.METHOD, {"n": 4}),
        (perfcodegen.METHOD, {"samples": 4, "survivors": 1}),
        (scattered_forest.METHOD, {"seeds": 3, "iterations": 3}),
        (evolve.METHOD, {"islands": 1, "generations": 12, "patience": 4}),
    )
}
"""The methods that it chooses from, in the order of a first try, with what differs from their own parameters: shorter
rounds, so that the bandit learns before the budget ends."""
LEAST_SHARE = 0.01
"""A target's share of the time at least: of a short workload a profile sees next to nothing."""
FREE_USD = 1e-4
"""What a call costs at least: of a model without a price, somebody waits for it all the same."""
DISCOUNT = 0.7
"""What each round in a row that keeps nothing leaves of a target's promise."""


def plan(search: Search, tried: Tried) -> Directive | None:
    """The rewriter where nobody was yet; then the arm that pays best, on the target that promises most."""
    fresh = tuple(aim for aim in search.aims if all(one.directive.method == rewrite.NAME for one in tried.on(aim.name)))
    if found := rewrite.plan(replace(search, aims=fresh), tried):
        return found
    if not search.models:
        return None
    for aim in promising(search, tried):
        for method, model in _arms(search, tried):
            how, options = ARMS[method]
            own = replace(search, aims=(aim,), models=(model,), options=how.settled(options))
            if found := how.plan(own, tried):
                return found
    return None


def promising(search: Search, tried: Tried) -> list[Aim]:
    """The targets that are not given up, the one that could give most first.

    What a target could give at most is the time that it still takes (Amdahl): its share of the workload's time, divided
    by the speedup achieved on it so far. Attempts in a row that keep nothing make it promise less.
    """
    found: list[tuple[float, int, Aim]] = []
    for position, aim in enumerate(search.aims):
        asked = _asked(tried.on(aim.name))
        fruitless = tried.fruitless(asked)
        if fruitless < search.count("patience"):
            speedup = math.exp(tried.gain(tried.best(aim.name)))
            left = max(aim.share, LEAST_SHARE) / speedup
            found.append((-left * DISCOUNT**fruitless, position, aim))
    return [aim for *_, aim in sorted(found, key=lambda one: one[:2])]


def _arms(search: Search, tried: Tried) -> list[tuple[str, Model]]:
    """Methods, each with the model that pays best of all; two bandits learn from the same rounds."""
    asked = _asked(tried.rounds)
    priced = all(one.input_usd_per_mtok is not None and one.output_usd_per_mtok is not None for one in search.models)
    exploration = search.number("exploration")

    def pulls(by: str) -> list[Pull]:
        return [
            Pull(
                arm=str(getattr(one.directive, by)),
                reward=max((faster(entry) for entry in tried.kept([one])), default=0.0),
                cost=max(one.spend.usd, FREE_USD * one.spend.model_calls) if priced else float(one.spend.model_calls),
            )
            for one in asked
        ]

    models = {model.name: model for model in search.models}
    weights = {model.name: model.weight for model in search.models}
    model = models[best_first(weights, pulls("model"), exploration)[0]]
    order = {name: 1.0 / (1 + position) for position, name in enumerate(ARMS)}
    return [(name, model) for name in best_first(order, pulls("method"), exploration)]


def _asked(rounds: tuple[Round, ...]) -> tuple[Round, ...]:
    """The rounds in which a model was asked, or candidates of models were crossed."""
    return tuple(one for one in rounds if one.directive.proposer != "rewrite")


METHOD = Method(
    name=NAME,
    about="The default: the rewriter first, which is free, then the methods that pay best, where most is left to gain.",
    sends="what the method that it chose sends",
    chooses="targets by share of the time / speedup so far; methods and models by UCB1 on ln(speedup) kept per dollar",
    paper="Auer et al., UCB1 (2002); Amdahl (1967)",
    url="https://doi.org/10.1023/A:1013689704352",
    needs_model=False,
    parameters=(
        Parameter(name="patience", default=6, low=1, about="rounds in a row that keep nothing before a target ends"),
        Parameter(name="exploration", default=0.5, high=10, about="how much seldom tried arms weigh: c of UCB1"),
    ),
    plan=plan,
)
