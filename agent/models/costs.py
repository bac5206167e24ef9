"""What a call costs: counted where the provider counts, estimated where it does not."""

from collections.abc import Sequence

from agent.domain import Model
from agent.models.messages import Message, Request, Usage

CHARACTERS_PER_TOKEN = 4
"""Of English text and code, roughly, for providers that do not count."""
PER_MESSAGE_TOKENS = 8
MTOK = 1_000_000
CACHE_WRITE_FACTOR = 1.25
"""Of the price of a token read, for one that is put into the prefix cache."""


def usd_of(model: Model, usage: Usage) -> float | None:
    """Dollars; None where the model's price is not known."""
    if model.input_usd_per_mtok is None or model.output_usd_per_mtok is None:
        return None
    cached_usd = model.input_usd_per_mtok if model.cached_usd_per_mtok is None else model.cached_usd_per_mtok
    surcharge = (CACHE_WRITE_FACTOR - 1) * usage.cache_written_tokens
    paid = (
        usage.input_tokens - usage.cached_tokens + surcharge
    ) * model.input_usd_per_mtok + usage.cached_tokens * cached_usd
    return (paid + usage.output_tokens * model.output_usd_per_mtok) / MTOK


def tokens_of(messages: Sequence[Message]) -> int:
    """About how many tokens a conversation takes."""
    characters = sum(
        len(message.text) + sum(len(call.name) + len(call.arguments) for call in message.calls) for message in messages
    )
    return characters // CHARACTERS_PER_TOKEN + PER_MESSAGE_TOKENS * len(messages)


def request_tokens(request: Request) -> int:
    """About how many tokens a request takes, its tools included."""
    tools = sum(len(tool.name) + len(tool.description) + len(str(dict(tool.parameters))) for tool in request.tools)
    return tokens_of(request.messages) + tools // CHARACTERS_PER_TOKEN


def estimated(request: Request, answer: Message | None) -> Usage:
    """About what a call took, where its provider did not count; `answer` is None where none came."""
    written = tokens_of([answer]) if answer else 0
    return Usage(input_tokens=request_tokens(request), output_tokens=written, estimated=True)
