"""Everything known about one function, gathered once and shared by all rules."""

from dataclasses import dataclass
from functools import lru_cache

from agent.proposers.rewrite.effects import Effects
from agent.proposers.rewrite.function import Function
from agent.proposers.rewrite.kinds import Kinds
from agent.proposers.rewrite.names import Names


@dataclass(frozen=True, kw_only=True, eq=False)
class Analysis:
    """A function with its names, the kinds of its objects and its effects."""

    function: Function
    names: Names
    kinds: Kinds
    effects: Effects


@lru_cache(maxsize=256)
def analyse(function: Function) -> Analysis:
    """The analysis of a function; functions are compared by identity."""
    names = Names(function)
    kinds = Kinds(names)
    return Analysis(function=function, names=names, kinds=kinds, effects=Effects(names, kinds))
