"""A model that says what a test has written down for it, without a wire."""

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from agent.models.messages import Message, Reply, Request, ToolCall, Usage

USAGE = Usage(input_tokens=100, output_tokens=20)
_NUMBERS = itertools.count(1)


def says(text: str) -> Reply:
    """A reply of words alone."""
    return Reply(message=Message(role="assistant", text=text), usage=USAGE)


def calls(name: str, **arguments: object) -> Reply:
    """A reply that calls one tool."""
    call = ToolCall(id=f"call-{next(_NUMBERS)}", name=name, arguments=json.dumps(arguments))
    return Reply(message=Message(role="assistant", calls=(call,)), usage=USAGE, finish="tool_calls")


@dataclass
class Replies:
    """Gives the replies in their order and keeps what it was asked."""

    replies: Iterable[Reply]
    asked: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._left = iter(self.replies)

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        """The next one; a test that asks for more than it wrote fails."""
        assert timeout_s > 0
        self.asked.append(request)
        return next(self._left)

    @property
    def told(self) -> str:
        """What the model was last told."""
        return self.asked[-1].messages[-1].text
