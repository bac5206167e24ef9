"""The script of a model that plays replies from a file: one entry a line, in JSON.

    {"expect": {"last": ["the task"]}, "reply": {"content": "I look.", "calls": [{"name": "view", "arguments": {}}]}}
    {"fault": {"status": 429, "headers": {"retry-after": "1"}}}

Tests write them with `say`, `call` and `fault`; `--record` writes them from a live run. docs/models.md has every key.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agent.models.messages import Message, Reply, ToolCall, Usage
from agent.models.wire import tidy
from tools.errors import UserError


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expect(_Part):
    """What the request must be like; whatever is left out may be anything."""

    digest: str = ""
    """Of the whole question (`question_digest`)."""
    turns: tuple[str, ...] = ()
    """Of its messages (`turn_digests`): they only say where a request differs whose digest does."""
    contains: tuple[str, ...] = ()
    """Texts that stand somewhere in the request, its tools included."""
    lacks: tuple[str, ...] = ()
    """Texts that stand nowhere in it."""
    last: tuple[str, ...] = ()
    """Texts that stand in its last message."""
    tools: tuple[str, ...] = ()
    """Names of tools that are offered."""
    model: str = ""
    """`provider:NAME`, or NAME alone."""


class Call(_Part):
    """A tool that the scripted model calls."""

    name: str
    arguments: dict[str, Any] | str = Field(default_factory=dict)
    """An object, or the text that a model wrote, which need not be JSON."""
    id: str = ""


class Counted(_Part):
    """Tokens as a provider counts them."""

    input: int = Field(ge=0)
    output: int = Field(ge=0)
    cached: int = Field(default=0, ge=0)
    cache_written: int = Field(default=0, ge=0)


class Answer(_Part):
    """What the scripted model says."""

    content: str = ""
    calls: tuple[Call, ...] = ()
    refusal: str = ""
    finish: Literal["stop", "tool_calls", "length", "refusal", ""] = ""
    """Empty means what follows from the rest."""
    usage: Counted | None = None
    """None for a provider that does not count."""


class Failure(_Part):
    """What comes in place of a reply: an HTTP answer that is none, or the end of the connection."""

    status: int = Field(default=200, ge=100, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    body: dict[str, Any] | str = ""
    dropped: bool = False
    """The connection ends: at once, or in the middle of a stream where there is a body."""


class Entry(_Part):
    """One request and what comes of it."""

    expect: Expect = Expect()
    delay_s: float = Field(default=0.0, ge=0, le=3600)
    """How long to wait before anything comes."""
    reply: Answer | None = None
    fault: Failure | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "Entry":
        if (self.reply is None) == (self.fault is None):
            raise ValueError("it needs `reply` or `fault`, and not both")
        return self

    def when(self, **expected: str | tuple[str, ...]) -> "Entry":
        """The same where the request is like this: `last`, `contains`, `lacks`, `tools`, `model` or `digest`."""
        exact = {"digest", "model"}
        told = {
            name: value if name in exact or isinstance(value, tuple) else (value,) for name, value in expected.items()
        }
        return self.model_copy(update={"expect": Expect.model_validate(told)})

    def late(self, delay_s: float) -> "Entry":
        """The same after this many seconds."""
        return self.model_copy(update={"delay_s": delay_s})


def say(content: str = "", *calls: Call, finish: str = "", usage: tuple[int, ...] | None = None) -> Entry:
    """A reply with these words and calls; `usage` counts as the fields of `Counted` do."""
    counted = Counted.model_validate(dict(zip(Counted.model_fields, usage, strict=False))) if usage else None
    answer = {"content": content, "calls": calls, "finish": finish, "usage": counted}
    return Entry(reply=Answer.model_validate(answer))


def call(tool: str, /, **arguments: Any) -> Call:
    """A call of a tool."""
    return Call(name=tool, arguments=arguments)


def malformed(tool: str, text: str) -> Call:
    """A call of a tool whose arguments are this text."""
    return Call(name=tool, arguments=text)


def refuse(words: str) -> Entry:
    """A refusal."""
    return Entry(reply=Answer(refusal=words))


def fault(status: int, body: dict[str, Any] | str = "", **headers: str) -> Entry:
    """An HTTP answer that is no reply; `retry_after="1"` becomes the header `retry-after`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Entry(fault=Failure(status=status, body=body, headers=named))


def too_long(limit_tokens: int) -> Entry:
    """The answer of an endpoint that takes no more than so many tokens."""
    message = f"This model's maximum context length is {limit_tokens} tokens. Please reduce the length of the messages."
    return fault(400, {"error": {"message": message, "code": "context_length_exceeded"}})


def drop(body: str = "") -> Entry:
    """A connection that ends, after this beginning of a stream."""
    return Entry(fault=Failure(dropped=True, body=body))


def read_script(path: Path) -> tuple[Entry, ...]:
    """A script's entries; raises UserError that names the line at fault."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeError) as error:
        raise UserError(f"the script {path} cannot be read: {error}", status=404) from error
    return tuple(_entry(line, path, number) for number, line in enumerate(lines, 1) if line.strip())


def write_script(path: Path, entries: Iterable[Entry]) -> Path:
    """Write a script; returns its path."""
    path.write_text("".join(f"{line_of(entry)}\n" for entry in entries), "utf-8")
    return path


def line_of(entry: Entry) -> str:
    """An entry as it stands in a file."""
    return entry.model_dump_json(exclude_defaults=True)


def _entry(line: str, path: Path, number: int) -> Entry:
    try:
        return Entry.model_validate_json(line)
    except ValidationError as error:
        [first, *_] = error.errors()
        where = ".".join(str(part) for part in first["loc"])
        raise UserError(f"line {number} of the script {path}: {where + ': ' if where else ''}{first['msg']}") from error


def message_of(answer: Answer, number: int) -> Message:
    """An answer as a turn of a conversation; calls without an id get one from the entry's number."""
    calls = tuple(
        ToolCall(id=one.id or f"call_{number}_{index}", name=one.name, arguments=arguments_of(one))
        for index, one in enumerate(answer.calls, 1)
    )
    return Message(role="assistant", text=answer.content or answer.refusal, calls=calls)


def arguments_of(one: Call) -> str:
    """A call's arguments as text."""
    return one.arguments if isinstance(one.arguments, str) else json.dumps(one.arguments, ensure_ascii=False)


def finish_of(answer: Answer) -> str:
    """How an answer ends, where it does not say so itself."""
    if answer.finish:
        return answer.finish
    if answer.refusal and not answer.calls:
        return "refusal"
    return "tool_calls" if answer.calls else "stop"


def usage_of(answer: Answer) -> Usage | None:
    """What an answer counts; None where it does not."""
    if answer.usage is None:
        return None
    counted = answer.usage
    return Usage(
        input_tokens=counted.input,
        output_tokens=counted.output,
        cached_tokens=counted.cached,
        cache_written_tokens=counted.cache_written,
    )


def answer_of(reply: Reply) -> Answer:
    """A reply as a script would say it."""
    calls = tuple(Call(id=one.id, name=one.name, arguments=_object(one.arguments)) for one in reply.message.calls)
    refused = reply.finish == "refusal"
    finish = "" if reply.finish in {"stop", "tool_calls"} else reply.finish
    usage = reply.usage
    counted = Counted(
        input=usage.input_tokens,
        output=usage.output_tokens,
        cached=usage.cached_tokens,
        cache_written=usage.cache_written_tokens,
    )
    return Answer.model_validate(
        {
            "content": "" if refused else reply.message.text,
            "refusal": reply.message.text if refused else "",
            "calls": calls,
            "finish": "" if refused and reply.message.text and not calls else finish,
            "usage": None if usage.estimated else counted,
        }
    )


def _object(arguments: str) -> dict[str, Any] | str:
    """As an object where that gives back the same text."""
    if tidy(arguments) != arguments or not arguments.startswith("{"):
        return arguments
    try:
        found: dict[str, Any] = json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments
    return found
