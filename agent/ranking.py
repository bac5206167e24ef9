"""Which of several drafts is judged first. A ranker may reorder, never drop: what it forgets comes last."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from agent.protocols import Draft
from tools.errors import UserError
from tools.git.patch import PatchError, parse_patch


class Ranker(Protocol):
    """Orders drafts before any of them is run; a cheap discriminator, such as a trained one."""

    def order(self, drafts: Sequence[Draft]) -> Sequence[int]:
        """The positions of the drafts, the one to judge first in front."""


class AsTheyCome:
    """Every draft in its turn."""

    def order(self, drafts: Sequence[Draft]) -> Sequence[int]:
        """As they are."""
        return range(len(drafts))


class SmallFirst:
    """What nests fewer loops first, then what changes fewer lines: small edits fail less, and are judged sooner."""

    def order(self, drafts: Sequence[Draft]) -> Sequence[int]:
        """By what the patches add, without running anything."""
        return sorted(range(len(drafts)), key=lambda index: (*_weight(drafts[index].patch), index))


RANKERS: Mapping[str, Callable[[], Ranker]] = {"as_they_come": AsTheyCome, "small_first": SmallFirst}
"""Those that can be named."""
_LOOP = re.compile(r"^(?P<indent>\s*)(?:async\s+for|for|while)\b")


def ranked(drafts: Sequence[Draft], ranker: Ranker) -> list[Draft]:
    """All drafts, in the ranker's order."""
    order = [index for index in dict.fromkeys(ranker.order(drafts)) if 0 <= index < len(drafts)]
    forgotten = [index for index in range(len(drafts)) if index not in order]
    return [drafts[index] for index in (*order, *forgotten)]


def make_ranker(name: str) -> Ranker:
    """The ranker of this name; raises UserError with those there are."""
    if name not in RANKERS:
        raise UserError(f"there is no ranker {name!r}; there are {', '.join(RANKERS)}")
    return RANKERS[name]()


def _weight(patch: str) -> tuple[int, int]:
    """How deep the loops nest among the lines that a patch adds, and how many lines it changes."""
    try:
        hunks = [hunk for file in parse_patch(patch).files for hunk in file.hunks]
    except PatchError:
        return 0, 0
    lines = [(kind, text) for hunk in hunks for kind, text in hunk.lines]
    return _nesting([text for kind, text in lines if kind == "+"]), sum(kind != " " for kind, _ in lines)


def _nesting(lines: Sequence[str]) -> int:
    deepest = 0
    open_loops: list[int] = []
    for text in lines:
        if not text.strip():
            continue
        indent = len(text) - len(text.lstrip())
        while open_loops and indent <= open_loops[-1]:
            open_loops.pop()
        if _LOOP.match(text):
            open_loops.append(indent)
            deepest = max(deepest, len(open_loops))
    return deepest
