"""`text.split(",")[0]` splits no more often than it takes to know the item."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_method, index_of, integer, positional

_LAST_WORTH_IT = 3


class SplitOnceRule(TreeRule):
    """Splits the whole of a text to take one of its first items, or the last."""

    name = "split-once"
    payoff = 57
    safe_when = (
        "`split` gets one separator, a text or bytes literal, and only the item at a small literal index is taken: "
        "splitting stops behind it, and what is missing raises the same IndexError. The last item is taken by "
        "`rsplit` where the separator is one character, for longer ones may overlap. Refused where the receiver is, "
        "or belongs to, something imported (`os.path.split`, `shlex.split`). Likely, left to the tests: an object "
        "that splits by a literal is a text."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each item taken."""
        for node in analysis.function.all(cst.Subscript):
            call, index = node.value, integer(index_of(node))
            method = called_method(call)
            if (
                method is None
                or index is None
                or not isinstance(call, cst.Call)
                or method[1] not in ("split", "rsplit")
            ):
                continue
            separator = self._separator(call)
            if separator is None or analysis.names.is_store_target(node) or self._is_imported(analysis, method[0]):
                continue
            text = _limited(method[1], index, separator)
            if text is not None:
                receiver = analysis.function.atom(method[0])
                pieces = [analysis.function.replace(node, f"{receiver}.{text}")]
                yield Finding(summary="split no further than the item that is taken", node=node, pieces=pieces)

    def _separator(self, call: cst.Call) -> cst.SimpleString | None:
        arguments = positional(call)
        if arguments is None or len(arguments) != 1 or not isinstance(arguments[0], cst.SimpleString):
            return None
        return arguments[0] if arguments[0].evaluated_value else None

    def _is_imported(self, analysis: Analysis, receiver: cst.BaseExpression) -> bool:
        """Whether a receiver is a module or a part of one."""
        root: cst.BaseExpression = receiver
        while isinstance(root, cst.Attribute):
            root = root.value
        if not isinstance(root, cst.Name):
            return False
        bindings = analysis.names.bindings.get(root.value, ())
        if bindings:
            return any(binding.kind == "import" for binding in bindings)
        return root.value not in analysis.function.bound_around


def _limited(method: str, index: int, separator: cst.SimpleString) -> str | None:
    """The call with its limit and the item behind it, None where it would not be the same or not pay."""
    written = separator.value
    if index == -1 and len(separator.evaluated_value) == 1:
        return f"rsplit({written}, 1)[-1]"
    if method == "split" and 0 <= index <= _LAST_WORTH_IT:
        return f"split({written}, {index + 1})[{index}]"
    return None
