"""Every strategy by its name, and how one is written: `best_of_n(n=8,temperature=0.9)`."""

import re
from collections.abc import Mapping
from dataclasses import replace

from agent.policies import (
    best_of_n,
    evolve,
    perfcodegen,
    portfolio,
    profile_refine,
    refine,
    rewrite,
    scattered_forest,
)
from agent.policies.ask import RANKER
from agent.policies.method import Method, Planned
from agent.policies.search import Option, Search
from agent.protocols import Policy
from agent.ranking import Ranker, make_ranker
from tools.errors import UserError

METHODS: Mapping[str, Method] = {
    one.name: one
    for one in (
        portfolio.METHOD,
        rewrite.METHOD,
        refine.METHOD,
        best_of_n.METHOD,
        perfcodegen.METHOD,
        profile_refine.METHOD,
        scattered_forest.METHOD,
        evolve.METHOD,
    )
}
"""In the order in which they are listed."""
_WRITTEN = re.compile(r"\s*([a-z_]+)\s*(?:\((.*)\))?\s*", re.DOTALL)


def make_policy(strategy: str, search: Search) -> Policy:
    """The strategy that a text names; raises UserError as `parse_strategy`."""
    method, options = parse_strategy(strategy)
    return Planned(method, replace(search, options=options), rewrite.METHOD)


def checked(strategy: str) -> str:
    """A strategy's text, as given; raises UserError as `parse_strategy`."""
    parse_strategy(strategy)
    return strategy


def parse_strategy(text: str) -> tuple[Method, dict[str, Option]]:
    """A strategy and the parameters that were given; raises UserError that says what there is."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise UserError(f"a strategy is written NAME or NAME(PARAMETER=VALUE,...), not {text!r}")
    name, inside = match.groups()
    if name not in METHODS:
        raise UserError(f"there is no strategy {name!r}; `hasten strategies` lists them: {', '.join(METHODS)}")
    method = METHODS[name]
    parameters = {one.name: one for one in method.parameters}
    options: dict[str, Option] = {}
    for part in filter(str.strip, (inside or "").split(",")):
        key, given, value = (word.strip() for word in part.partition("="))
        if key not in parameters:
            there = f"its parameters: {', '.join(parameters)}" if parameters else "it has none"
            raise UserError(f"{name} has no parameter {key!r}; {there}")
        if not given or key in options:
            raise UserError(f"{name}: give {key} one value, such as {key}={parameters[key].default}")
        try:
            options[key] = parameters[key].checked(value)
        except UserError as error:
            raise UserError(f"{name}: {error}") from None
    return method, options


def ranker_of(strategy: str) -> Ranker:
    """Who orders the samples of a strategy; as they come where it does not say."""
    name = strategy.partition("(")[0].strip()
    options = parse_strategy(strategy)[1] if name in METHODS else {}
    return make_ranker(str(options.get(RANKER.name, RANKER.default)))


def written(method: Method, options: Mapping[str, Option]) -> str:
    """The text that `parse_strategy` reads back as the same."""
    inside = ",".join(f"{one.name}={options[one.name]}" for one in method.parameters if one.name in options)
    return f"{method.name}({inside})" if inside else method.name
