"""What makes two requests the same question, whatever model it goes to and however it travelled."""

import hashlib
import json
from collections.abc import Mapping

from agent.models.messages import Message, Request
from agent.models.wire import clean, sent_arguments, sent_name


def question_digest(request: Request) -> str:
    """The same for the same conversation and tools: 32 hexadecimal digits.

    Model, temperature and the room for the reply play no part, so a recording of one model can be played as another.
    """
    tools = [[tool.name, clean(tool.description), _plain(tool.parameters)] for tool in request.tools]
    return _digest([[_said(message) for message in request.messages], tools])[:32]


def turn_digests(request: Request) -> tuple[str, ...]:
    """One for each message, 8 hexadecimal digits: enough to say which one differs."""
    return tuple(_digest(_said(message))[:8] for message in request.messages)


def _said(message: Message) -> list[object]:
    calls = [[call.id, sent_name(call.name), sent_arguments(call.arguments)] for call in message.calls]
    text = clean(message.text)
    return [message.role, text if text.strip() else "", calls, message.answers]


def _plain(value: Mapping[str, object]) -> object:
    return json.loads(json.dumps(value))


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
