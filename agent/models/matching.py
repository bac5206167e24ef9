"""Whether a request is what a script expects, and in which words it is not."""

import json
from collections.abc import Iterator

from agent.models.messages import Message, Request
from agent.models.question import question_digest, turn_digests
from agent.models.script import Expect

MOST_SHOWN = 160
"""Characters of a text that is quoted."""


def difference(expect: Expect, request: Request) -> str:
    """What was expected and what came, in one sentence; empty where the request is as expected."""
    return next(_differences(expect, request), "")


def _differences(expect: Expect, request: Request) -> Iterator[str]:
    if expect.model and expect.model not in {request.model, request.model.partition(":")[2]}:
        yield f"expected the model {expect.model!r}, and {request.model!r} was asked"
    offered = [tool.name for tool in request.tools]
    for name in expect.tools:
        if name not in offered:
            yield f"expected the tool {name!r} to be offered, and there are {', '.join(offered) or 'none'}"
    last = request.messages[-1] if request.messages else Message(role="user")
    for text in expect.last:
        if text not in _words(last):
            yield f"expected {_quoted(text)} in the last message, which is ({last.role}) {_quoted(_words(last))}"
    whole = "\n".join([*map(_words, request.messages), *(f"{tool.name} {tool.description}" for tool in request.tools)])
    for text in expect.contains:
        if text not in whole:
            yield f"expected {_quoted(text)} somewhere in the request; its last message is {_quoted(_words(last))}"
    for text in expect.lacks:
        if text in whole:
            place = whole.index(text)
            yield f"expected no {_quoted(text)}, and it stands in {_quoted(whole[max(0, place - 60) : place + 60])}"
    digest = question_digest(request)
    if expect.digest and expect.digest != digest:
        yield f"expected the request {expect.digest}, and {digest} came: {_turned(expect, request)}"


def _turned(expect: Expect, request: Request) -> str:
    """The first message that is another one."""
    came = turn_digests(request)
    if not expect.turns or came == expect.turns:
        return "its tools differ" if expect.turns else f"it ends with {_quoted(_words(request.messages[-1]))}"
    for number, (one, other) in enumerate(zip(expect.turns, came, strict=False), 1):
        if one != other:
            message = request.messages[number - 1]
            return f"message {number} of {len(came)} differs, now ({message.role}) {_quoted(_words(message))}"
    return f"it has {len(came)} messages in place of {len(expect.turns)}"


def _words(message: Message) -> str:
    return "\n".join([message.text, *(f"{call.name} {call.arguments}" for call in message.calls)]).strip()


def _quoted(text: str) -> str:
    shown = text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN // 2]}[...]{text[-MOST_SHOWN // 2 :]}"
    return json.dumps(shown, ensure_ascii=False)
