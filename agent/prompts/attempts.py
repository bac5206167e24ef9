"""What became of earlier attempts, in words and numbers."""

from collections.abc import Sequence

from agent.domain import Directive
from agent.protocols import Entry

MOST_DIFF_CHARACTERS = 6_000


def shown(directive: Directive, entries: Sequence[Entry]) -> list[str]:
    """The candidates that a directive shows, each with its diff and its verdict."""
    by_number = {entry.candidate.number: entry for entry in entries}
    chosen = [by_number[number] for number in directive.show if number in by_number]
    if not chosen:
        return []
    return ["# Earlier attempts", *(attempt(entry) for entry in chosen)]


def attempt(entry: Entry) -> str:
    """One candidate: what it changed and how it was judged."""
    candidate, verdict = entry.candidate, entry.verdict
    gain = f", {verdict.speedup}" if verdict.speedup else ""
    diff = candidate.patch
    if len(diff) > MOST_DIFF_CHARACTERS:
        diff = f"{diff[:MOST_DIFF_CHARACTERS]}\n[{len(diff) - MOST_DIFF_CHARACTERS:,} more characters]"
    head = f"## Attempt {candidate.number}: {candidate.summary}"
    return f"{head}\n\nVerdict: {verdict.outcome}{gain}: {verdict.reason}\n\n```diff\n{diff}\n```"
