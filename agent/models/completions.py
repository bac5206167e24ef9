"""OpenAI's chat completions as a server sees them: requests read, replies written, whole or as a stream."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from agent.models.messages import Message, Request, Role, ToolCall, ToolSchema
from agent.models.script import Answer, finish_of, message_of, usage_of
from agent.models.wire import read_arguments, read_text

PIECE = 24
"""Characters of one chunk of a stream."""
ROLES: Mapping[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
}


def request_of(body: Mapping[str, Any]) -> Request:
    """A request as its caller made it before it was sent; raises ValueError for what is none."""
    try:
        messages = tuple(_message(message) for message in body["messages"])
        tools = tuple(_tool(tool["function"]) for tool in body.get("tools") or ())
        room = body.get("max_completion_tokens") or body.get("max_tokens") or Request.max_output_tokens
        temperature = body.get("temperature")
        return Request(
            model=str(body["model"]),
            messages=messages,
            tools=tools,
            temperature=temperature,
            max_output_tokens=int(room),
        )
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"no request for a chat completion: {type(error).__name__} {error}") from error


def _message(message: Mapping[str, Any]) -> Message:
    role = ROLES[message["role"]]
    text = _text(message.get("content"))
    if role != "assistant":
        return Message(role=role, text=text, answers=str(message.get("tool_call_id") or ""))
    calls = tuple(
        ToolCall(
            id=str(one["id"]), name=one["function"]["name"], arguments=read_arguments(one["function"]["arguments"])
        )
        for one in message.get("tool_calls") or ()
    )
    return Message(role=role, text=read_text(text), calls=calls)


def _text(content: Any) -> str:
    """Content is a text, or a list of parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content)
    return content or ""


def _tool(function: Mapping[str, Any]) -> ToolSchema:
    return ToolSchema(
        name=function["name"], description=function.get("description", ""), parameters=function.get("parameters") or {}
    )


def completion(answer: Answer, number: int, model: str) -> Mapping[str, Any]:
    """A reply in one piece."""
    message = message_of(answer, number)
    said: dict[str, Any] = {"role": "assistant", "content": answer.content or None, "refusal": answer.refusal or None}
    if message.calls:
        said["tool_calls"] = [_call(one) for one in message.calls]
    choice = {"index": 0, "message": said, "finish_reason": _finish(answer), "logprobs": None}
    whole = {**_head("chat.completion", number, model), "choices": [choice]}
    return whole | ({"usage": counted} if (counted := _usage(answer)) else {})


def chunks(answer: Answer, number: int, model: str, *, counts: bool) -> Iterator[Mapping[str, Any]]:
    """The same as a stream; `counts` where the caller asked for the usage."""
    head = _head("chat.completion.chunk", number, model)

    def chunk(delta: Mapping[str, Any], finish: str | None = None) -> Mapping[str, Any]:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}]}

    yield chunk({"role": "assistant", "content": ""})
    yield from (chunk({"content": piece}) for piece in _pieces(answer.content))
    yield from (chunk({"refusal": piece}) for piece in _pieces(answer.refusal))
    for index, one in enumerate(message_of(answer, number).calls):
        begun = _call(one) | {"function": {"name": one.name, "arguments": ""}}
        yield chunk({"tool_calls": [{"index": index, **begun}]})
        for piece in _pieces(one.arguments):
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    yield chunk({}, _finish(answer))
    if counts and (counted := _usage(answer)):
        yield {**head, "choices": [], "usage": counted}


def problem(message: str, code: str) -> bytes:
    """An error as OpenAI's endpoints write it."""
    return json.dumps({"error": {"message": message, "type": "invalid_request_error", "code": code}}).encode()


def _head(kind: str, number: int, model: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{number}", "object": kind, "created": number, "model": model}


def _call(one: ToolCall) -> dict[str, Any]:
    return {"id": one.id, "type": "function", "function": {"name": one.name, "arguments": one.arguments}}


def _finish(answer: Answer) -> str:
    finish = finish_of(answer)
    if finish == "refusal":
        return "stop" if answer.refusal else "content_filter"
    return finish


def _usage(answer: Answer) -> Mapping[str, Any] | None:
    usage = usage_of(answer)
    if usage is None:
        return None
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.tokens,
        "prompt_tokens_details": {
            "cached_tokens": usage.cached_tokens,
            "cache_write_tokens": usage.cache_written_tokens,
        },
    }


def _pieces(text: str) -> Iterator[str]:
    return (text[start : start + PIECE] for start in range(0, len(text), PIECE))
