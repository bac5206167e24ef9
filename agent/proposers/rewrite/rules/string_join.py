"""`text += piece` in a loop becomes a list of pieces, joined once."""

from collections.abc import Iterator

from agent.proposers.rewrite.accumulation import Accumulation, Update, accumulations, inside_try
from agent.proposers.rewrite.analysis import Analysis
from agent.proposers.rewrite.function import Piece
from agent.proposers.rewrite.rule import Finding, TreeRule
from agent.proposers.rewrite.syntax import is_text, words

_TEXTS_OF_THEIR_OWN = words("Markup escape Text mark_safe SafeString SafeText")


class StringJoinRule(TreeRule):
    """Builds a text or bytes object by adding to it on every turn."""

    name = "string-join"
    payoff = 72
    safe_when = (
        "The name starts as a text or bytes literal in the same block, is local, in no closure, and the loop does "
        "nothing with it but add, always at the same end; no handler, `finally` or `with` can see it half built. "
        "Proven: order and content. Likely, left to the tests: pieces of unknown type are texts (another type raises "
        "TypeError either way, but later and with other words). Refused where a piece is known to be something else "
        "or may be a text class of its own (`Markup`)."
    )

    def find(self, analysis: Analysis) -> Iterator[Finding]:
        """One finding for each name and loop."""
        for built in accumulations(analysis):
            base = analysis.kinds.base(built.first)
            if base in ("str", "bytes") and self._fits(analysis, built, base):
                yield self._finding(analysis, built, "b" if base == "bytes" else "")

    def _fits(self, analysis: Analysis, built: Accumulation, base: str) -> bool:
        if len({update.front for update in built.updates}) != 1:
            return False
        for update in built.updates:
            for added in update.added:
                kind = analysis.kinds.of(added)
                if kind is not None and kind.base != base:
                    return False
                if analysis.names.read(added) & _TEXTS_OF_THEIR_OWN:
                    return False
                if kind is None and inside_try(analysis, update.node, built.loop):
                    return False
        return True

    def _finding(self, analysis: Analysis, built: Accumulation, prefix: str) -> Finding:
        function, front = analysis.function, built.updates[0].front
        parts = function.module.fresh(f"{built.name}_parts")
        empty = is_text(built.first, "") or is_text(built.first, b"")
        first = f"{parts} = [{'' if empty else function.code(built.first)}]"
        joined = f"reversed({parts})" if front else parts
        if front and not analysis.names.is_builtin("reversed"):
            joined = f"{parts}[::-1]"
        last = f'{built.name} = {prefix}"".join({joined})'
        pieces: list[Piece] = [
            function.replace(built.start, first),
            *(function.replace(update.node, _append(analysis, parts, update)) for update in built.updates),
            function.after(built.loop, last),
        ]
        summary = (
            f"collect the pieces of `{built.name}` in a list and join them once instead of copying it on every turn"
        )
        return Finding(summary=summary, node=built.updates[0].node, pieces=pieces)


def _append(analysis: Analysis, parts: str, update: Update) -> str:
    texts = [analysis.function.code(added) for added in update.added]
    return f"{parts}.append({texts[0]})" if len(texts) == 1 else f"{parts}.extend(({', '.join(texts)}))"
