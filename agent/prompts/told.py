"""The opening of a session as it was sent, kept for whoever reads the trajectory."""

import json
from collections.abc import Sequence

from agent.domain import StepKind
from agent.kit import Kit
from agent.models.messages import Message
from agent.protocols import Blobs, Journal

KEY = "told"


def remember(opening: Sequence[Message], kit: Kit, round_number: int) -> None:
    """Write down what a round's sessions begin with."""
    messages = [{"role": message.role, "text": message.text} for message in opening]
    characters = sum(len(message.text) for message in opening)
    blob = kit.blobs.put(json.dumps(messages).encode("utf-8", "surrogatepass"))
    kit.journal.append(
        StepKind.NOTE, f"told in {characters:,} characters", {KEY: blob, "characters": characters}, round=round_number
    )


def told_in(journal: Journal, blobs: Blobs, round_number: int) -> tuple[Message, ...]:
    """What the sessions of a round were told last; empty where it had none."""
    steps = [step for step in journal.steps(StepKind.NOTE, round=round_number) if KEY in step.data]
    if not steps:
        return ()
    return tuple(Message(**message) for message in json.loads(blobs.get(str(steps[-1].data[KEY]))))
