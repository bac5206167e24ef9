"""What models were told, said and were answered, round by round."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain import Step, StepKind
from api.steps import CONVERSATION, sections

MOST_CHARACTERS = 20_000
"""Of one text on the page; `hasten show JOB --step N` has all of it."""
MOST_TURNS = 600


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One step of a conversation."""

    step: int
    kind: str
    title: str
    texts: tuple[tuple[str, str], ...]
    """Headings and texts."""


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One round of the search in which models were asked."""

    round: int
    title: str
    turns: tuple[Turn, ...]


def conversations_of(steps: Sequence[Step]) -> tuple[Conversation, ...]:
    """Every round with a model, in order; of a round that began again, all attempts."""
    titles = {step.round: step.title for step in steps if step.kind is StepKind.DIRECTIVE}
    turns: dict[int, list[Turn]] = {}
    for step in [step for step in steps if step.kind in CONVERSATION][:MOST_TURNS]:
        texts = tuple((heading, _cut(text, step.number)) for heading, text in sections(step))
        turn = Turn(step=step.number, kind=step.kind.value, title=step.title, texts=texts)
        turns.setdefault(step.round, []).append(turn)
    return tuple(
        Conversation(round=number, title=titles.get(number, ""), turns=tuple(found)) for number, found in turns.items()
    )


def _cut(text: str, step: int) -> str:
    if len(text) <= MOST_CHARACTERS:
        return text
    return f"{text[:MOST_CHARACTERS]}\n[{len(text) - MOST_CHARACTERS:,} more characters: --step {step}]"
