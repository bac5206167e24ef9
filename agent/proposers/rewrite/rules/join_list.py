"""`"".join(f(x) for x in xs)` takes a list, which `join` would make of a generator anyway."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_method, called_name

_COLLECTORS = ("tuple", "sorted")


class JoinListRule(TreeRule):
    """Hands a generator to `join`, `tuple` or `sorted`, which collect all of it before they begin."""

    name = "join-list"
    payoff = 29
    safe_when = (
        "The generator is the first argument of the `join` of a text or bytes (proven), or of the builtin `tuple` or "
        "`sorted`. All three collect every item first, so that the same expressions run in the same order and nothing "
        "else runs between them. Refused for asynchronous generators and for `yield` and `await` inside."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each generator."""
        for call in analysis.function.all(cst.Call):
            node = call.args[0].value if call.args and not call.args[0].star else None
            if not isinstance(node, cst.GeneratorExp) or call.args[0].keyword is not None:
                continue
            if not self._collects(analysis, call) or not _is_plain(analysis, node):
                continue
            summary = f"hand `{_name(call)}` a list, which it would make of the generator anyway"
            yield Finding(summary=summary, node=node, pieces=_bracketed(analysis, call, node))

    def _collects(self, analysis: Analysis, call: cst.Call) -> bool:
        method = called_method(call)
        if method is not None:
            return method[1] == "join" and len(call.args) == 1 and analysis.kinds.base(method[0]) in ("str", "bytes")
        return analysis.names.calls_builtin(call, *_COLLECTORS)


def _bracketed(analysis: Analysis, call: cst.Call, node: cst.GeneratorExp) -> list[Piece]:
    """Brackets around a generator; where it spans lines they stand right inside those of the call."""
    function, source = analysis.function, analysis.function.module.source
    begin, end = function.span(node)
    if "\n" not in source[begin:end] or node.lpar:
        return [function.swap(node, f"[{source[begin:end]}]")]
    begin = source.index("(", function.span(call.func)[1]) + 1
    end = function.span(call)[1] - 1
    return [Piece(start=begin, end=begin, text="["), Piece(start=end, end=end, text="]")]


def _is_plain(analysis: Analysis, node: cst.GeneratorExp) -> bool:
    """Whether nothing in a generator waits, yields, or binds a name outside it."""
    for part in analysis.function.inside(node):
        if isinstance(part, (cst.Await, cst.Yield, cst.NamedExpr)):
            return False
        if isinstance(part, cst.CompFor) and part.asynchronous is not None:
            return False
    return True


def _name(call: cst.Call) -> str:
    method = called_method(call)
    return method[1] if method is not None else called_name(call) or "it"
