"""`x = xs[0]; xs = xs[1:]` until nothing is left becomes a plain loop."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.names import How
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import assignment, index_of, integer, name_of, slice_of


class ConsumeRule(TreeRule):
    """Copies the rest of a sequence on every turn to walk through it."""

    name = "consume"
    payoff = 86
    safe_when = (
        "A `while xs:` loop begins with `x = xs[0]` and `xs = xs[1:]`, in that order, and names `xs` nowhere else; "
        "`xs` is a list, tuple or text (proven, or annotated so) that is not used after the loop. The loop walks over"
        " a copy, so that changes to the original from elsewhere stay unseen, as before; what is only annotated may be "
        "None, which has no turn, as before. Refused for `else`, where `xs` lives in a closure, and where a comment "
        "stands among the lines that go."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each loop."""
        for loop in analysis.function.all(cst.While):
            name = name_of(loop.test)
            body = loop.body.body if isinstance(loop.body, cst.IndentedBlock) else ()
            if name is None or len(body) < 2 or loop.orelse is not None or not self._fits(analysis, name, loop):
                continue
            first, second = _only(body[0]), _only(body[1])
            head, rest = assignment(first) if first else None, assignment(second) if second else None
            if head is None or rest is None or rest[0] != name or head[0] == name:
                continue
            if not _is_item(head[1], name) or not _is_rest(rest[1], name):
                continue
            if len(analysis.names.uses_within(name, loop)) == 3:
                finding = self._finding(analysis, loop, name, head[0])
                if not any("#" in analysis.function.module.source[piece.start : piece.end] for piece in finding.pieces):
                    yield finding

    def _fits(self, analysis: Analysis, name: str, loop: cst.While) -> bool:
        kind = analysis.kinds.of_name(name)
        if kind is None or kind.base not in ("list", "tuple", "str") or analysis.names.captured(name):
            return False
        if not analysis.names.is_local(name) or not analysis.names.is_builtin("list"):
            return False
        inside_loop = bool(analysis.function.repeats(loop))
        end = analysis.function.span(loop)[1]
        bound = [b for b in analysis.names.bindings[name] if analysis.function.contains(loop, b.node)]
        if len(bound) != 1 or (inside_loop and not self._starts_anew(analysis, name, loop)):
            return False
        return not any(analysis.function.span(use.name)[0] > end for use in analysis.names.uses[name])

    def _starts_anew(self, analysis: Analysis, name: str, loop: cst.While) -> bool:
        nodes = [binding.node for binding in analysis.names.bindings[name]]
        return any(_only(earlier) in nodes for earlier in analysis.function.earlier(loop))

    def _finding(self, analysis: Analysis, loop: cst.While, name: str, item: str) -> Finding:
        function = analysis.function
        body = loop.body.body
        begin, _ = function.span(body[0])
        end = function.span(body[1])[1]
        rest = "pass" if len(body) == 2 else ""
        start = function.span(loop)[0]
        following = function.span(body[2])[0] if len(body) > 2 else end
        kind = analysis.kinds.of_name(name)
        assert kind is not None
        some = name if kind.sure else f"{name} or ()"
        walked = some if kind.base in ("str", "tuple") else f"list({some})"
        header_end = function.span(loop.test)[1]
        pieces = [
            Piece(start=start, end=header_end, text=f"for {item} in {walked}"),
            Piece(start=begin, end=end if rest else following, text=rest),
        ]
        summary = f"walk through `{name}` instead of copying what is left of it on every turn"
        return Finding(summary=summary, node=loop, pieces=pieces)


def _only(statement: cst.CSTNode) -> cst.CSTNode | None:
    if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
        return statement.body[0]
    return None


def _is_item(node: cst.BaseExpression, name: str) -> bool:
    return isinstance(node, cst.Subscript) and name_of(node.value) == name and integer(index_of(node)) == 0


def _is_rest(node: cst.BaseExpression, name: str) -> bool:
    part = slice_of(node)
    if part is None or not isinstance(node, cst.Subscript) or name_of(node.value) != name:
        return False
    return integer(part.lower) == 1 and part.upper is None and part.step is None


__all__ = ["ConsumeRule", "How"]
