"""What a strategy is: a plan, its parameters, and what people are told of it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from agent.domain import Directive
from agent.ledger import Ledger
from agent.policies.search import Option, Search, Tried
from agent.protocols import Archive
from tools.errors import UserError

Plan = Callable[[Search, Tried], Directive | None]
"""What to try next, given what was tried; None where nothing is left to try. Pure."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A number or a word that a strategy can be given."""

    name: str
    default: int | float | str
    about: str
    low: float = 0
    high: float = math.inf
    words: tuple[str, ...] = ()
    """Of a word, those there are."""

    def checked(self, text: str) -> Option:
        """The value that a text stands for; raises UserError that says which ones there are."""
        if isinstance(self.default, str):
            if text not in self.words:
                raise UserError(f"{self.name} is one of {', '.join(self.words)}, not {text!r}")
            return text
        kind = "a whole number" if isinstance(self.default, int) else "a number"
        within = f"of at least {self.low:g}" if self.high == math.inf else f"from {self.low:g} to {self.high:g}"
        try:
            value = int(text) if isinstance(self.default, int) else float(text)
        except ValueError:
            raise UserError(f"{self.name} is {kind} {within}, not {text!r}") from None
        if not self.low <= value <= self.high or math.isinf(value):
            raise UserError(f"{self.name} is {kind} {within}, not {text}")
        return value


@dataclass(frozen=True, kw_only=True)
class Method:
    """One strategy: the record beside its plan."""

    name: str
    about: str
    """What it does, in one line."""
    sends: str
    """What a proposer is told and shown."""
    chooses: str
    """How it chooses what to build upon and when to stop."""
    paper: str
    """Author, title and year, or where else it comes from."""
    url: str = ""
    needs_model: bool = True
    """Where there is none, the rewriter's plan stands in."""
    parameters: tuple[Parameter, ...] = ()
    plan: Plan

    def settled(self, given: Mapping[str, Option]) -> dict[str, Option]:
        """Every parameter's value: as given, else the method's own."""
        return {one.name: given.get(one.name, one.default) for one in self.parameters}


class Planned:
    """A policy that follows a method's plan within the budget; `instead` stands in where there is no model."""

    def __init__(self, method: Method, search: Search, instead: Method) -> None:
        without = method.needs_model and not search.models
        self._method = instead if without else method
        self._search = replace(search, options=self._method.settled({} if without else search.options))

    def next(self, archive: Archive, ledger: Ledger) -> Directive | None:
        """What to try next; None when nothing is left to try or the budget is used up."""
        tried = Tried.of(archive)
        left = ledger.budget.candidates - len(tried.entries)
        search = replace(self._search, models=()) if ledger.models_exhausted else self._search
        if ledger.exhausted or left < 1 or (self._method.needs_model and not search.models):
            return None
        directive = self._method.plan(search, tried)
        return directive and replace(directive, samples=min(directive.samples, left))
