"""A conversation that its endpoint finds too long is trimmed, the oldest answers first, and asked again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from agent.domain import UNCHANGED, Budget, Directive, Model, StepKind
from agent.ledger import Ledger
from agent.models.costs import request_tokens
from agent.models.gateway import Gateway
from agent.models.messages import Message, Reply, Request, ToolCall
from agent.models.overflow import OVERFLOW, limit_of
from agent.session.answers import Answerer
from agent.session.room import TAKEN_OUT
from agent.session.session import Ended, Session, Why
from agent.toolbox.submit import SUBMIT
from agent.toolbox.tool import Arguments, Tool
from storage.memory import MemoryJournal

NAME = "openai:small"
TASK = "make pack() faster"


class NoArguments(Arguments):
    """None."""


LOOK = Tool(name="look", description="Shows much.", arguments=NoArguments, run=lambda *_: "line\n" * 1_000)
DIRECTIVE = Directive(round=1, parent=UNCHANGED, proposer="session", target="m:pack", method="refine", model=NAME)


@dataclass
class Desk:
    """What a session needs of one."""

    directive: Directive = DIRECTIVE
    target: str = "m:pack"
    patch: str = ""
    edits: dict[str, str] = field(default_factory=lambda: {"m.py": "new"})
    notes: dict[str, object] = field(default_factory=dict)


@dataclass
class Small:
    """A model that takes no more than so many tokens: it looks around, then hands in."""

    takes_tokens: int
    says: str = "This model's maximum context length is {} tokens, and you sent more."
    looks: int = 8
    asked: list[Request] = field(default_factory=list)

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        assert timeout_s > 0
        self.asked.append(request)
        if request_tokens(request) + request.max_output_tokens > self.takes_tokens:
            said = Message(role="assistant", text=self.says.format(self.takes_tokens))
            return Reply(message=said, finish=OVERFLOW)
        turns = sum(message.role == "assistant" for message in request.messages)
        name, arguments = ("look", {}) if turns < self.looks else ("submit", {"summary": "done"})
        call = ToolCall(id=f"c{turns}", name=name, arguments=json.dumps(arguments))
        return Reply(message=Message(role="assistant", calls=(call,)), finish="tool_calls")


def hold(small: Small, journal: MemoryJournal, context_tokens: int = 128_000) -> Ended:
    desk, tools = Desk(), (LOOK, SUBMIT)
    model = Model(name=NAME, context_tokens=context_tokens)
    gateway = Gateway(small, [model], journal, Ledger(Budget()), round=1)
    answerer = Answerer(tools=tools, desk=desk, journal=journal, round=1)  # type: ignore[arg-type]
    opening = (Message(role="system", text="Be quick."), Message(role="user", text=TASK))
    return Session(desk=desk, gateway=gateway, answerer=answerer, tools=tools, opening=opening).run()  # type: ignore[arg-type]


def test_it_learns_how_much_its_endpoint_takes() -> None:
    small = Small(takes_tokens=8_192)
    ended = hold(small, MemoryJournal())
    assert ended.why is Why.SUBMITTED
    refused = [one for one in small.asked if request_tokens(one) + one.max_output_tokens > 8_192]
    assert len(refused) == 1  # what the endpoint said holds from then on
    assert small.asked[-1].messages[1].text == TASK
    assert any(message.text == TAKEN_OUT for message in small.asked[-1].messages)


def test_it_gives_way_where_the_endpoint_names_no_limit() -> None:
    small = Small(takes_tokens=6_000, says="The prompt is too long.", looks=5)
    assert hold(small, MemoryJournal(), context_tokens=16_000).why is Why.SUBMITTED
    assert small.asked[-1].messages[1].text == TASK


def test_it_ends_where_not_even_the_task_fits() -> None:
    ended = hold(Small(takes_tokens=40), MemoryJournal())
    assert ended.why is Why.CONTEXT


def test_a_resumed_session_is_not_refused_again() -> None:
    journal = MemoryJournal()
    first = Small(takes_tokens=8_192)
    hold(first, journal)
    replies = len(journal.steps(StepKind.REPLY))
    journal.attempt += 1
    resumed = Small(takes_tokens=8_192)
    assert hold(resumed, journal).why is Why.SUBMITTED
    assert resumed.asked == []
    assert len(journal.steps(StepKind.REPLY)) == 2 * replies


def test_limits_in_the_words_of_endpoints() -> None:
    said = {
        "This model's maximum context length is 8192 tokens. However, you requested 9000": 8192,
        "the request exceeds the available context size (4096 tokens), try increasing it": 4096,
        "prompt is too long: 210000 tokens > 200,000 maximum": 200_000,
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).": 1_048_576,
        '{"n_prompt_tokens": 9000, "n_ctx": 2048}': 2048,
        "Request too large for gpt in org on tokens per min (TPM): Limit 30000, Requested 40000.": 30_000,
        "Input tokens exceed the configured limit": None,
    }
    assert {words: limit_of(words) for words in said} == said
