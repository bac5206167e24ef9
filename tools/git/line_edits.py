"""What changed between two versions of a file: the fewest line edits where they are few, grouped into hunks."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from tools.git.hunks import Hunk

CONTEXT_LINES = 3
MOST_EXACT_EDITS = 400
"""Lines removed and added up to which the fewest are found; beyond, a quick heuristic is good enough."""


@dataclass(frozen=True, kw_only=True)
class LineEdit:
    """Lines `start` up to `end` of the source (none where they are equal) give way to `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]


def line_edits(before: Sequence[str], after: Sequence[str]) -> list[LineEdit]:
    """The edits from one version to the other, in order, never touching each other."""
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    room = shorter - head
    tail = next((i for i in range(room) if before[-1 - i] != after[-1 - i]), room)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    kept = _fewest(old, new)
    if kept is None:
        kept = [
            (i + n, j + n)
            for i, j, size in difflib.SequenceMatcher(None, old, new).get_matching_blocks()
            for n in range(size)
        ]
    edits = []
    i = j = 0
    for i_kept, j_kept in [*kept, (len(old), len(new))]:
        if i < i_kept or j < j_kept:
            edits.append(LineEdit(start=head + i, end=head + i_kept, lines=tuple(new[j:j_kept])))
        i, j = i_kept + 1, j_kept + 1
    return edits


def _fewest(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]] | None:
    """Which lines are kept (positions in both) by the fewest edits; None where these are too many.

    The greedy algorithm of E. Myers, "An O(ND) difference algorithm and its variations", Algorithmica 1, 1986, fig. 2.
    """
    furthest = {1: 0}
    history: list[dict[int, int]] = []
    for edits in range(MOST_EXACT_EDITS + 1):
        history.append(dict(furthest))
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])
            i = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            while i < len(old) and i - diagonal < len(new) and old[i] == new[i - diagonal]:
                i += 1
            furthest[diagonal] = i
            if i >= len(old) and i - diagonal >= len(new):
                return _kept(history, len(old), len(new))
    return None


def _kept(history: Sequence[dict[int, int]], i: int, j: int) -> list[tuple[int, int]]:
    """Walk the search back from its end; every diagonal step keeps a line."""
    kept = []
    for edits in range(len(history) - 1, -1, -1):
        furthest, diagonal = history[edits], i - j
        down = diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])
        i_before = furthest[diagonal + 1 if down else diagonal - 1]
        j_before = i_before - (diagonal + 1 if down else diagonal - 1)
        while i > i_before and j > j_before and min(i, j) > 0:
            i, j = i - 1, j - 1
            kept.append((i, j))
        i, j = i_before, j_before
    return kept[::-1]


def hunks_of(before: Sequence[str], edits: Sequence[LineEdit]) -> tuple[Hunk, ...]:
    """The edits with their context; edits that share context share a hunk."""
    groups: list[list[LineEdit]] = []
    for edit in edits:
        if groups and edit.start - groups[-1][-1].end <= 2 * CONTEXT_LINES:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    return tuple(_hunk(before, group) for group in groups)


def applied(before: Sequence[str], edits: Sequence[LineEdit]) -> list[str]:
    """The lines after the edits."""
    after: list[str] = []
    position = 0
    for edit in edits:
        after += before[position : edit.start]
        after += edit.lines
        position = edit.end
    return after + list(before[position:])


def _hunk(before: Sequence[str], edits: Sequence[LineEdit]) -> Hunk:
    start = position = max(0, edits[0].start - CONTEXT_LINES)
    lines: list[tuple[str, str]] = []
    for edit in edits:
        lines += [(" ", text) for text in before[position : edit.start]]
        lines += [("-", text) for text in before[edit.start : edit.end]]
        lines += [("+", text) for text in edit.lines]
        position = edit.end
    lines += [(" ", text) for text in before[position : position + CONTEXT_LINES]]
    return Hunk(start=start, lines=tuple(lines))
