"""What the steps of a trajectory hold, for people: prompts, replies, calls and answers."""

import json
from collections.abc import Mapping
from typing import Any

from agent.domain import Step, StepKind

CONVERSATION = (StepKind.PROMPT, StepKind.REPLY, StepKind.CALL, StepKind.RESULT)
"""The kinds of steps that a session with a model is made of."""


def sections(step: Step) -> list[tuple[str, str]]:
    """What a step holds, as headings and texts."""
    data: Mapping[str, Any] = step.data
    match step.kind:
        case StepKind.PROMPT:
            return [(message["role"], message["text"]) for message in data["messages"]]
        case StepKind.REPLY:
            return _reply(data)
        case StepKind.CALL:
            return [("", _pretty(data["arguments"]))]
        case StepKind.RESULT:
            crash = data.get("crash")
            return [("", data["answer"]), *([("a mistake of the tool's own", crash)] if crash else [])]
    return [("", json.dumps(data, indent=2, ensure_ascii=False))] if data else []


def _reply(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    reply = data["reply"]
    usage, price = reply["usage"], data["usd"]
    cost = "at an unknown price" if price is None else f"{price:.4f} dollars"
    spent = f"{usage['input_tokens']:,} tokens read, {usage['output_tokens']:,} written, {cost}"
    spent += f", {reply['seconds']:.1f} s" + (", from the journal" if data["repeated"] else "")
    calls = [(f"calls {call['name']}", _pretty(call["arguments"])) for call in reply["message"]["calls"]]
    text = reply["message"]["text"]
    return [(spent, text), *calls]


def _pretty(arguments: str) -> str:
    """A call's arguments, each on lines of its own; what is no JSON as it came."""
    try:
        values = json.loads(arguments)
    except json.JSONDecodeError:
        return arguments
    if not isinstance(values, dict):
        return arguments
    return "\n".join(
        f"{name}:\n{value}" if isinstance(value, str) and "\n" in value else f"{name}: {value}"
        for name, value in values.items()
    )
