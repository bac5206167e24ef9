"""Keeps a conversation within a model's context: the oldest answers of tools go first, the task never."""

from collections.abc import Sequence
from dataclasses import replace

from agent.models.costs import tokens_of
from agent.models.messages import Message

TAKEN_OUT = "[This answer was taken out to save room. Call the tool again to see it as things stand now.]"
DOWN_TO = 0.6
"""Of the room: taken out at once, so that the beginning of a conversation, which providers cache, seldom changes."""


def fit(messages: Sequence[Message], room_tokens: int, *, scale: float = 1.0) -> tuple[Message, ...] | None:
    """The conversation as it may be sent, the same as it came where it fits; None where it cannot be made to.

    `scale` is how many of the model's tokens one of our estimated ones has turned out to be.
    """
    if tokens_of(messages) * scale <= room_tokens:
        return tuple(messages)
    kept = list(messages)
    last = max((index for index, message in enumerate(kept) if message.role == "assistant"), default=0)
    for index, message in enumerate(kept[:last]):
        if message.role == "tool" and len(message.text) > len(TAKEN_OUT):
            kept[index] = replace(message, text=TAKEN_OUT)
            if tokens_of(kept) * scale <= DOWN_TO * room_tokens:
                return tuple(kept)
    return tuple(kept) if tokens_of(kept) * scale <= room_tokens else None
