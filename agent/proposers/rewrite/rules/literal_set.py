"""`x in ("a", "b", "c", "d")` becomes `x in {"a", "b", "c", "d"}`, which Python makes once and looks up by hash."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.kind import hashable
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import membership, name_of

_FEWEST = 4
"""Items below which a search is as quick as hashing."""


class LiteralSetRule(TreeRule):
    """Searches a sequence of constants."""

    name = "literal-set"
    payoff = 40
    safe_when = (
        "All items are literals (texts, integers, None, truth values), four or more; the value looked for is hashable "
        "or of unknown type, which is left to the tests. Refused where the value is known to be a list, "
        "dict or set, which a set rejects with TypeError, and in `for`, where the order counts."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each membership test."""
        for comparison in analysis.function.all(cst.Comparison):
            pair = membership(comparison)
            if pair is None or not isinstance(pair[1], (cst.List, cst.Tuple)) or not _is_constant(pair[1]):
                continue
            if hashable(analysis.kinds.of(pair[0])) is not False:
                pieces = _braces(analysis, pair[1])
                summary = "look the value up in a constant set instead of searching a sequence"
                yield Finding(summary=summary, node=comparison, pieces=pieces)


def _is_constant(container: cst.List | cst.Tuple) -> bool:
    """Whether it is written in brackets and holds enough literals."""
    elements = container.elements
    if len(elements) < _FEWEST or (isinstance(container, cst.Tuple) and not container.lpar):
        return False
    return all(isinstance(element, cst.Element) and _is_literal(element.value) for element in elements)


def _is_literal(node: cst.BaseExpression) -> bool:
    return isinstance(node, (cst.SimpleString, cst.Integer)) or name_of(node) in ("None", "True", "False")


def _braces(analysis: Analysis, container: cst.List | cst.Tuple) -> list[Piece]:
    """The brackets around a sequence replaced by braces, with all that stands inside left as it is."""
    opening: cst.CSTNode = container.lbracket if isinstance(container, cst.List) else container.lpar[-1]
    closing: cst.CSTNode = container.rbracket if isinstance(container, cst.List) else container.rpar[0]
    begin = analysis.function.span(opening)[0]
    end = analysis.function.span(closing)[1]
    return [Piece(start=begin, end=begin + 1, text="{"), Piece(start=end - 1, end=end, text="}")]
