"""`text[i:].startswith(part)` copies the rest of the text; `text.startswith(part, i)` does not."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_method, slice_of, sole_argument


class SlicePrefixRule(TreeRule):
    """Copies the rest of a text to see what it starts with."""

    name = "slice-prefix"
    payoff = 73
    safe_when = (
        "The slice is `text[i:]` without an end or a step, `startswith` gets one argument that is a text or bytes "
        "literal, not empty, or a tuple of such, and `i` is a name, a number, or a sum of these. Both count an index "
        "below zero from the end, and find nothing behind the end. Likely, left to the tests: what is sliced and then "
        "asked for its start is a text, and the index is a number, not None."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each call."""
        for call in analysis.function.all(cst.Call):
            method, part = called_method(call), sole_argument(call)
            if method is None or method[1] != "startswith" or part is None or not _is_literal(part):
                continue
            rest, sliced = slice_of(method[0]), method[0]
            if rest is None or not isinstance(sliced, cst.Subscript) or rest.upper is not None or rest.step is not None:
                continue
            kind = analysis.kinds.of(sliced.value)
            if rest.lower is None or not _is_index(rest.lower) or (kind and kind.base not in ("str", "bytes")):
                continue
            code = analysis.function.code
            text = f"{analysis.function.atom(sliced.value)}.startswith({code(part)}, {code(rest.lower)})"
            summary = "look into the text where it is instead of copying the rest of it"
            yield Finding(summary=summary, node=call, pieces=[analysis.function.replace(call, text)])


def _is_literal(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Tuple):
        return bool(node.elements) and all(_is_literal(element.value) for element in node.elements)
    return isinstance(node, cst.SimpleString) and bool(node.evaluated_value)


def _is_index(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.BinaryOperation):
        return isinstance(node.operator, (cst.Add, cst.Subtract)) and _is_index(node.left) and _is_index(node.right)
    return isinstance(node, (cst.Name, cst.Integer))
