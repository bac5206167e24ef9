"""A judged candidate for whoever tries next: from execution, in words, or both.

ECCO (Waghjale et al., EMNLP 2024) compares the three: numbers from execution help to stay correct, words help to get
faster. Ours gives both unless a directive's views ask for one.
"""

from enum import StrEnum

from agent.domain import Directive
from agent.prompts.feedback_numbers import from_execution
from agent.prompts.feedback_words import in_words
from agent.prompts.fence import quoted
from agent.protocols import Entry


class Manner(StrEnum):
    """How a judged candidate is told; the value is the view that asks for it."""

    EXECUTION = "feedback-execution"
    WORDS = "feedback-words"
    BOTH = "feedback-both"


def manner_of(directive: Directive) -> Manner:
    """What a directive's views ask for."""
    return next((manner for manner in Manner if manner in directive.views), Manner.BOTH)


def feedback(entry: Entry, manner: Manner = Manner.BOTH) -> str:
    """The verdict and what follows from it, without the diff."""
    gain = f", {entry.verdict.speedup}" if entry.verdict.speedup else ""
    parts = [f"Verdict: {entry.verdict.outcome}{gain}."]
    if manner is not Manner.EXECUTION:
        parts[0] += f" {in_words(entry)}"
    if manner is not Manner.WORDS:
        parts.append(from_execution(entry))
    return "\n\n".join(part for part in parts if part)


def lesson(entry: Entry) -> str:
    """One line of what an attempt showed, for other branches of a search: no code, no numbers of its own."""
    reason = quoted(entry.verdict.reason, 200)
    return f"{quoted(entry.candidate.summary, 160)} — {entry.verdict.outcome}: {reason}"
