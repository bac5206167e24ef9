"""Calls as a tracer followed them: the blocks that ran, and the values that changed in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.profile.profile import MalformedStacksError

MOST_CALLS = 1000
MOST_BLOCKS = 20
MOST_ENTRIES = 40
MOST_ITEMS = 100
MOST_TEXT = 400


@dataclass(frozen=True, kw_only=True)
class Block:
    """A basic block that ran once."""

    lines: tuple[int, ...]
    """In the order in which they ran, each once."""
    changed: tuple[tuple[str, str], ...]
    """(variable, its value as text) for those whose value is another than before the block."""


@dataclass(frozen=True, kw_only=True)
class TracedCall:
    """One call of a function that was followed."""

    number: int
    """1, 2, ... among the followed calls of its process."""
    function: int
    """Its place among the functions that were to be followed."""
    name: str
    """Of the code that ran: the function's qualified name, or that of one inside of it."""
    arguments: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    """The first few."""
    last: tuple[Block, ...]
    """The last few, of what the first few leave."""
    count: int
    """Of all blocks that ran."""
    items: tuple[str, ...]
    """Of a generator: the first of those that it gave, as text."""
    line: int
    """The last one that ran; 0 where none did."""
    ending: str
    """`returned`, `raised` or `unfinished`."""
    value: str
    """What it returned or raised, as text."""


@dataclass(frozen=True, kw_only=True)
class Trace:
    """The followed calls of one run, in the order in which they ended."""

    calls: tuple[TracedCall, ...]
    seen: int
    """How many there were, kept or not."""
    cut: bool
    """The time for following was up."""
    ending: str = ""
    """Of one call that was made for the trace: `returned` or `raised`."""
    value: str = ""


def read_trace(answer: Mapping[str, Any]) -> Trace:
    """What the driver's tracer sends; raises MalformedStacksError on anything else."""
    try:
        calls = answer["calls"]
        if not isinstance(calls, list) or len(calls) > MOST_CALLS:
            raise MalformedStacksError("no list of calls, or one that is too long")
        ending, value = answer.get("end") or ("", "")
        return Trace(
            calls=tuple(_call(call) for call in calls),
            seen=int(answer["seen"]),
            cut=answer["cut"] is True,
            ending=str(ending)[:20],
            value=str(value)[:MOST_TEXT],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedStacksError(f"a trace is not in order ({error})") from error


def _call(sent: Mapping[str, Any]) -> TracedCall:
    ending, value = sent["end"]
    return TracedCall(
        number=int(sent["number"]),
        function=int(sent["function"]),
        name=str(sent["name"])[:MOST_TEXT],
        arguments=_values(sent["arguments"]),
        blocks=tuple(_block(block) for block in sent["blocks"][:MOST_BLOCKS]),
        last=tuple(_block(block) for block in sent["last"][:MOST_BLOCKS]),
        count=int(sent["count"]),
        items=tuple(str(item)[:MOST_TEXT] for item in sent["items"][:MOST_ITEMS]),
        line=int(sent["at"] or 0),
        ending=str(ending)[:20],
        value=str(value)[:MOST_TEXT],
    )


def _block(sent: Mapping[str, Any]) -> Block:
    return Block(lines=tuple(int(line) for line in sent["lines"][:MOST_ENTRIES]), changed=_values(sent["changed"]))


def _values(sent: Sequence[Sequence[Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(name)[:MOST_TEXT], str(text)[:MOST_TEXT]) for name, text in sent[:MOST_ENTRIES])
