"""`for i, row in frame.iterrows()` walks over the columns that are used, without making a Series of each row."""

from collections.abc import Iterator

import libcst as cst

from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.effects import Change
from agent.proposers.rewrite.names import How
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import called_method, index_of, name_of


class FrameRowsRule(TreeRule):
    """Makes a Series of each row of a DataFrame to read a few of its columns."""

    name = "frame-rows"
    payoff = 98
    safe_when = (
        "The loop is over `frame.iterrows()` of a plain name, binds an index and a row, and only ever reads the row "
        "by `row[...]` with a text literal; the loop neither changes nor rebinds the frame, and the row is not used "
        "after it. Values come in the same order. Refused where the row is passed on, assigned to or asked for "
        "anything else. Likely, left to the tests: the columns are there where the frame is empty, bear a name once, "
        "and are not all numbers of different types, which a Series of them would make alike."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each loop."""
        function, names = analysis.function, analysis.names
        for loop in [*function.all(cst.For)]:
            method = called_method(loop.iter)
            frame = name_of(method[0]) if method is not None and method[1] == "iterrows" else None
            target = loop.target
            if frame is None or not isinstance(loop.iter, cst.Call) or loop.iter.args or not names.is_local(frame):
                continue
            if not isinstance(target, cst.Tuple) or len(target.elements) != 2 or not names.is_builtin("zip"):
                continue
            index, row = (name_of(element.value) for element in target.elements)
            if index is None or row is None or analysis.effects.change(frame, loop.body) is Change.LIKELY:
                continue
            reads = self._reads(analysis, loop, row)
            if not reads:
                continue
            columns = dict.fromkeys(function.code(index_of(read) or read) for read in reads)
            bound = {column: function.module.fresh(f"{row}_{_word(column)}") for column in columns}
            walked = ", ".join([f"{frame}.index", *(f"{frame}[{column}]" for column in columns)])
            pieces = [
                function.swap(target, ", ".join([index, *bound.values()])),
                function.replace(loop.iter, f"zip({walked})"),
            ]
            pieces += [function.replace(read, bound[function.code(index_of(read) or read)]) for read in reads]
            summary = f"walk over the columns of `{frame}` instead of making a Series of each row"
            yield Finding(summary=summary, node=loop, pieces=pieces)

    def _reads(self, analysis: Analysis, loop: cst.For, row: str) -> list[cst.Subscript]:
        """The subscripts of the row by a text; none where anything else is done with it."""
        found = []
        if len(analysis.names.bindings[row]) != 1:
            return []
        for use in analysis.names.uses.get(row, ()):
            above = use.above
            if use.how is not How.ITEM or not isinstance(above, cst.Subscript):
                return []
            if not analysis.function.contains(loop.body, use.name) or not isinstance(index_of(above), cst.SimpleString):
                return []
            if not _word(analysis.function.code(index_of(above) or above)):
                return []
            found.append(above)
        return found


def _word(column: str) -> str:
    """A column's name as part of an identifier, empty where it is none."""
    text = column.strip("'\"").lower()
    return text if text.isidentifier() else ""
