"""Earlier attempts, for the next one to learn from: in order, the newest whole, older ones as far as there is room.

"Editing with history" of ECCO (Waghjale et al., EMNLP 2024), within a budget of characters.
"""

from collections.abc import Sequence

from agent.domain import Directive
from agent.prompts.feedback import Manner, feedback, lesson, manner_of
from agent.prompts.fence import fenced, quoted
from agent.protocols import Entry

MOST_CHARACTERS = 24_000
"""Of all attempts together, but for the newest one's feedback, which is always whole."""
MOST_OF_THE_NEWEST = 14_000
"""Characters of the newest diff."""
SHARE_OF_AN_OLDER = 0.5
"""Of what room is left, for each older attempt in turn, beginning with the newest of them."""


def shown(directive: Directive, entries: Sequence[Entry], most: int = MOST_CHARACTERS) -> list[str]:
    """The candidates that a directive shows, in its order, each with its diff and what became of it."""
    by_number = {entry.candidate.number: entry for entry in entries}
    chosen = [by_number[number] for number in directive.show if number in by_number]
    if not chosen:
        return []
    manner = manner_of(directive)
    told = [attempt(chosen[-1], manner)]
    room = most - len(told[0])
    for count, entry in enumerate(reversed(chosen[:-1]), start=1):
        text = _shortened(entry, manner, int(room * SHARE_OF_AN_OLDER))
        if text is None:
            left = len(chosen) - count
            told.append(f"[{left} earlier attempt{'s are' if left > 1 else ' is'} left out for want of room.]")
            break
        told.append(text)
        room -= len(text)
    return ["# Earlier attempts, the newest last", *reversed(told)]


def attempt(entry: Entry, manner: Manner = Manner.BOTH) -> str:
    """One candidate, whole: what it changed and how it was judged."""
    return _told(entry, feedback(entry, manner), fenced(_cut(entry.candidate.patch, MOST_OF_THE_NEWEST), "diff"))


def _shortened(entry: Entry, manner: Manner, room: int) -> str | None:
    """The fullest form that there is room for: the diff, its changed lines, the verdict, one line; None for none."""
    diff, words = entry.candidate.patch, feedback(entry, manner if manner is Manner.EXECUTION else Manner.WORDS)
    forms = (
        _told(entry, feedback(entry, manner), fenced(diff, "diff")),
        _told(entry, words, fenced(diff, "diff")),
        _told(entry, words, fenced(changed_lines(diff), "diff")),
        _told(entry, words, ""),
        f"## Attempt {entry.candidate.number}: {lesson(entry)}",
    )
    return next((form for form in forms if len(form) <= room), None)


def changed_lines(diff: str) -> str:
    """A diff without its context: the files, and the lines that went and came."""
    kept = []
    for line in diff.splitlines():
        if line.startswith(("+", "-")) and not line.startswith("--- "):
            kept.append(line)
        elif line.startswith("@@"):
            kept.append("@@")
    return "\n".join(kept)


def _told(entry: Entry, words: str, diff: str) -> str:
    head = f"## Attempt {entry.candidate.number}: {quoted(entry.candidate.summary)}"
    return "\n\n".join(part for part in (head, diff, words) if part)


def _cut(diff: str, most: int) -> str:
    if len(diff) <= most:
        return diff
    return f"{diff[:most]}\n[{len(diff) - most:,} more characters]"
