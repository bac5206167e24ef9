"""Between our messages and langchain's."""

import json
from collections.abc import Mapping
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from agent.models.costs import estimated
from agent.models.messages import Message, Reply, Request, ToolCall, Usage
from agent.models.openai_client import WRITTEN_CALLS
from agent.models.wire import clean, sent_arguments, sent_name, sent_text, tidy

CUT = {"length", "max_tokens", "max_output_tokens", "model_length"}
REFUSED = {
    "refusal",
    "content_filter",
    "content_filtered",
    "guardrail_intervened",
    "safety",
    "prohibited_content",
    "blocklist",
    "recitation",
}
"""How providers say why a reply ended, in lower case."""


def sent_messages(request: Request) -> list[BaseMessage]:
    """A request's conversation as langchain's clients take it."""
    names = {call.id: sent_name(call.name) for message in request.messages for call in message.calls}
    return [_sent(message, names) for message in request.messages]


def _sent(message: Message, names: Mapping[str, str]) -> BaseMessage:
    match message.role:
        case "system":
            return SystemMessage(content=clean(message.text))
        case "user":
            return HumanMessage(content=clean(message.text))
        case "tool":
            name = names.get(message.answers)
            return ToolMessage(content=clean(message.text), tool_call_id=message.answers, name=name)
        case "assistant":
            calls = [
                {
                    "name": sent_name(call.name),
                    "args": sent_arguments(call.arguments),
                    "id": call.id,
                    "type": "tool_call",
                }
                for call in message.calls
            ]
            return AIMessage(content=sent_text(message.text, alone=not calls), tool_calls=calls)


def sent_tools(request: Request) -> list[dict[str, Any]]:
    """A request's tools in the form that every client of langchain understands."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": clean(tool.description),
                "parameters": dict(tool.parameters),
            },
        }
        for tool in request.tools
    ]


def reply_from(said: AIMessage, request: Request, *, seconds: float, before: Usage) -> Reply:
    """What a client of langchain gave; `before` is what tries took that had to be repeated."""
    calls = _calls(said, request)
    refusal = _refusal(said)
    text = clean(str(said.text)) or refusal
    message = Message(role="assistant", text=text, calls=calls)
    usage = _usage(said) or estimated(request, message)
    if before.tokens:
        usage = Usage(
            input_tokens=usage.input_tokens + before.input_tokens,
            output_tokens=usage.output_tokens + before.output_tokens,
            cached_tokens=usage.cached_tokens,
            cache_written_tokens=usage.cache_written_tokens,
            estimated=True,
        )
    return Reply(message=message, usage=usage, finish=_finish(said, calls, refusal), seconds=seconds)


def _calls(said: AIMessage, request: Request) -> tuple[ToolCall, ...]:
    """Also those whose arguments are no JSON, as the model wrote them; each with an id of its own."""
    found: list[tuple[str | None, str | None, str]] = []
    if written := said.additional_kwargs.get(WRITTEN_CALLS):
        functions = [(one.get("id"), one.get("function") or {}) for one in written]
        found = [(given, function.get("name"), function.get("arguments") or "") for given, function in functions]
    elif isinstance(said, AIMessageChunk) and said.tool_call_chunks:  # its parsed calls are mended where they were cut
        found = [(one["id"], one["name"], one["args"] or "") for one in said.tool_call_chunks]
    else:
        found = [(one["id"], one["name"], _written(one["args"])) for one in said.tool_calls]
        found += [(bad["id"], bad["name"], bad["args"] or "") for bad in said.invalid_tool_calls]
    calls: list[ToolCall] = []
    taken = {call.id for message in request.messages for call in message.calls}
    for number, (given, name, arguments) in enumerate(found, 1):
        own = given if given and given not in taken else f"call_{len(request.messages)}_{number}"
        taken.add(own)
        calls.append(ToolCall(id=own, name=clean(name or ""), arguments=tidy(arguments)))
    return tuple(calls)


def _written(arguments: object) -> str:
    return json.dumps(arguments, ensure_ascii=False)


def _refusal(said: AIMessage) -> str:
    """The words of a refusal that is not the reply's text."""
    if given := said.additional_kwargs.get("refusal"):
        return clean(str(given))
    blocks = said.content if isinstance(said.content, list) else []
    found = [str(block.get("refusal", "")) for block in blocks if isinstance(block, dict)]
    return clean(" ".join(one for one in found if one))


def _finish(said: AIMessage, calls: tuple[ToolCall, ...], refusal: str) -> str:
    told = said.response_metadata
    incomplete = told.get("incomplete_details") or {}
    given = (told.get("finish_reason"), told.get("stop_reason"), told.get("stopReason"), told.get("done_reason"))
    ends = {str(one).lower() for one in (*given, incomplete.get("reason")) if one}
    if ends & REFUSED or (refusal and not calls):
        return "refusal"
    if ends & CUT:
        return "length"
    return "tool_calls" if calls else "stop"


def _usage(said: AIMessage) -> Usage | None:
    counted = said.usage_metadata
    if not counted or not counted["input_tokens"] + counted["output_tokens"]:
        return None
    details = counted.get("input_token_details") or {}
    counts = {name: value for name, value in details.items() if isinstance(value, int)}
    cached = sum(value for name, value in counts.items() if name.endswith("cache_read"))
    written = sum(value for name, value in counts.items() if name.endswith("cache_creation"))
    return Usage(
        input_tokens=counted["input_tokens"],
        output_tokens=counted["output_tokens"],
        cached_tokens=min(cached, counted["input_tokens"]),
        cache_written_tokens=min(written, counted["input_tokens"]),
    )
