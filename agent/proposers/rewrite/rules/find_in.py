"""`text.find(part) != -1` becomes `part in text`."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_method, integer, name_of, sole_argument

_FOUND = ((cst.NotEqual, -1), (cst.GreaterThan, -1), (cst.GreaterThanEqual, 0))
_MISSING = ((cst.Equal, -1), (cst.LessThan, 0), (cst.LessThanEqual, -1))
_OPERANDS = (cst.Name, cst.Call, cst.Attribute, cst.Subscript, cst.SimpleString)


class FindInRule(TreeRule):
    """Asks where a part of a text is only to learn whether it is there."""

    name = "find-in"
    payoff = 58
    safe_when = (
        "The only thing done with the result of `find` with one argument is to compare it with -1 or 0 in a way that "
        "tells found from missing. What is looked for is a text or bytes (proven or literal), or the receiver is. One "
        "of the two is a plain name or literal, so that the order in which they are evaluated cannot be told. Likely, "
        "left to the tests: a receiver of unknown type whose `find` is asked for a literal is a text."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each comparison."""
        function = analysis.function
        for node in function.all(cst.Comparison):
            method, negated = called_method(node.left), _is_missing(node)
            if method is None or method[1] != "find" or negated is None or not isinstance(node.left, cst.Call):
                continue
            part = sole_argument(node.left)
            if part is None or not self._are_texts(analysis, part, method[0]):
                continue
            if not any(isinstance(operand, (cst.Name, cst.SimpleString)) for operand in (part, method[0])):
                continue
            if isinstance(part, _OPERANDS) and isinstance(method[0], _OPERANDS):
                text = f"{function.code(part)} {'not in' if negated else 'in'} {function.code(method[0])}"
                yield Finding(
                    summary=f"ask whether `{' '.join(function.code(part).split())}` is in the text instead of where",
                    node=node,
                    pieces=[function.replace(node, text)],
                )

    def _are_texts(self, analysis: Analysis, part: cst.BaseExpression, whole: cst.BaseExpression) -> bool:
        found, searched = analysis.kinds.of(part), analysis.kinds.of(whole)
        if found is not None:
            return found.base in ("str", "bytes") and (searched is None or searched.base == found.base)
        return searched is not None and searched.base == "str" and name_of(part) is not None


def _is_missing(node: cst.Comparison) -> bool | None:
    """Whether a comparison is true where `find` finds nothing; None where it asks for something else."""
    if len(node.comparisons) != 1:
        return None
    target = node.comparisons[0]
    asked = (type(target.operator), integer(target.comparator))
    return True if asked in _MISSING else False if asked in _FOUND else None
