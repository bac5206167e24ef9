"""A conversation with a model, in plain values: the same for every provider, and as the journal keeps it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol

Role = Literal["system", "user", "assistant", "tool"]


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    """A tool that a model wants called."""

    id: str
    name: str
    arguments: str
    """JSON as the model wrote it: it may be malformed."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One turn of a conversation."""

    role: Role
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    """Of an assistant's turn."""
    answers: str = ""
    """Of a tool's turn: the id of the call that it answers."""


@dataclass(frozen=True, kw_only=True)
class ToolSchema:
    """A tool as a model sees it."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    """JSON Schema of its arguments, an object."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a model is asked."""

    model: str
    """`provider:NAME`."""
    messages: tuple[Message, ...]
    tools: tuple[ToolSchema, ...] = ()
    temperature: float | None = None
    """None leaves it to the model's own default."""
    max_output_tokens: int = 8_192

    @property
    def digest(self) -> str:
        """The same for the same question, whatever room the budget leaves for the answer: 32 hexadecimal digits."""
        asked = {**asdict(self), "max_output_tokens": None}
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Tokens of one call, as the provider counted them."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    """Of the input, read from the provider's prefix cache."""
    cache_written_tokens: int = 0
    """Of the input, put into that cache where this is charged for."""
    estimated: bool = False
    """The provider did not say: a token is taken to be four characters."""

    @property
    def tokens(self) -> int:
        """Read and written ones together."""
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a model answered."""

    message: Message
    usage: Usage = field(default_factory=Usage)
    finish: str = "stop"
    """`stop`, `tool_calls`, `length` (cut at its limit), `refusal`, or `overflow`: nothing was answered, for the
    conversation is too long, and the text is what the endpoint said of it."""
    seconds: float = 0.0
    """From the first attempt to the last byte, waiting between attempts included."""


class Chat(Protocol):
    """Asks models, over whatever wire."""

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        """One answer; `timeout_s` bounds it with all its retries.

        Raises `ModelFailed` where no usable answer came: whatever it cost is in there and must be charged.
        """
