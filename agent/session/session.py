"""The conversation itself: ask, answer the tools it calls, until it hands in or may not go on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from agent.desk import Desk
from agent.models.costs import request_tokens
from agent.models.gateway import BudgetSpent, Gateway
from agent.models.messages import Message, Reply, Request
from agent.models.overflow import OVERFLOW, limit_of
from agent.session.answers import Answerer
from agent.session.room import DOWN_TO, fit
from agent.toolbox.submit import SUBMIT, directions, submitted
from agent.toolbox.tool import Tool

MOST_TURNS = 40
MOST_TRIMS = 3
"""Requests in a row that an endpoint finds too long before the session is given up."""
MOST_REPLY_SHARE = 0.25
"""Of a model's context, for one reply."""
MOST_IDLE = 3
"""Replies in a row that call no tool before the session is given up."""

GO_ON = f"Nothing was called. Call a tool to go on, or `{SUBMIT.name}` when you are done; only edits count, not words."
REFUSED = (
    "This is ordinary work on the speed of a program that its owner asked for. Go on with a tool, or call "
    f"`{SUBMIT.name}` with give_up=true."
)
CUT_SHORT = "Your reply was cut at its limit before it called a tool. Be brief, and call one."


class Why(StrEnum):
    """How a session ended."""

    SUBMITTED = "submitted"
    BUDGET = "budget"
    IDLE = "idle"
    """It kept talking and called nothing."""
    TURNS = "turns"
    """It used all its turns without handing in."""
    CONTEXT = "context"
    """What it must be shown no longer fits into its context."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What became of a session."""

    why: Why
    detail: str
    """One sentence."""
    summary: str = ""
    """What the model says it did; empty where it handed nothing in."""
    directions: tuple[str, ...] = ()
    """Where it says one could go next."""
    refusals: int = 0
    empty_replies: int = 0


@dataclass(kw_only=True)
class Session:
    """One model at one desk."""

    desk: Desk
    gateway: Gateway
    answerer: Answerer
    tools: Sequence[Tool]
    opening: Sequence[Message]
    """The system's message, then the task."""
    go_on: str = GO_ON
    """What a reply that calls nothing is answered."""
    refused: str = REFUSED
    """What a refusal is answered."""

    def run(self) -> Ended:
        """Converse to the end; raises ModelFailed where the endpoint is dead."""
        self._messages = list(self.opening)
        self._idle, self._refusals, self._empty, self._scale = 0, 0, 0, 1.0
        self._context_tokens = self.gateway.model(self.desk.directive.model or "").context_tokens
        for turn in range(1, MOST_TURNS + 1):
            reply = self._ask(turn)
            if isinstance(reply, Ended):
                return reply
            self._messages.append(reply.message)
            self._messages += self._answers(reply)
            if summary := submitted(self.desk):
                return self._ended(Why.SUBMITTED, f"handed in after {turn} replies", summary)
            if self._idle >= MOST_IDLE:
                return self._ended(Why.IDLE, f"{self._idle} replies in a row called no tool")
        return self._ended(Why.TURNS, f"it did not hand in within {MOST_TURNS} replies")

    def _ask(self, turn: int) -> Reply | Ended:
        for _ in range(MOST_TRIMS):
            asked = self._fitting()
            if asked is None:
                return self._ended(Why.CONTEXT, f"the conversation no longer fits into {self._context_tokens:,} tokens")
            try:
                reply = self.gateway.ask(asked, title=f"{asked.model}, reply {turn} on {self.desk.target}")
            except BudgetSpent as error:
                return self._ended(Why.BUDGET, str(error))
            if reply.finish != OVERFLOW:
                if reply.usage.input_tokens and not reply.usage.estimated:
                    self._scale = max(1.0, reply.usage.input_tokens / max(1, request_tokens(asked)))
                return reply
            self._context_tokens = self._less_than(asked, reply)
        return self._ended(Why.CONTEXT, f"it was too long {MOST_TRIMS} times: {reply.message.text}")

    def _fitting(self) -> Request | None:
        """The conversation, trimmed where it must be; None where it cannot be made to fit."""
        model = self.gateway.model(self.desk.directive.model or "")
        request = Request(
            model=model.name,
            messages=(),
            tools=tuple(tool.schema for tool in self.tools),
            temperature=self.desk.directive.temperature,
            max_output_tokens=min(model.max_output_tokens, int(MOST_REPLY_SHARE * self._context_tokens)),
        )
        room = self._context_tokens - request.max_output_tokens - int(request_tokens(request) * self._scale)
        messages = fit(self._messages, room, scale=self._scale)
        if messages is None:
            return None
        self._messages = list(messages)
        return replace(request, messages=messages)

    def _less_than(self, asked: Request, overflow: Reply) -> int:
        """How many tokens to reckon with from now on: what the endpoint says it takes, else less than it was sent."""
        limit = limit_of(overflow.message.text)
        if limit is not None and limit < self._context_tokens:
            return limit
        return int(DOWN_TO * (request_tokens(asked) * self._scale + asked.max_output_tokens))

    def _answers(self, reply: Reply) -> list[Message]:
        """What the model is told next: its tools' answers, or that it should go on."""
        if reply.message.calls:
            self._idle = 0
            return self.answerer.answer(reply.message.calls)
        self._idle += 1
        if reply.finish == "refusal":
            self._refusals += 1
            return [Message(role="user", text=self.refused)]
        if reply.finish == "length":
            return [Message(role="user", text=CUT_SHORT)]
        if not reply.message.text.strip():
            self._empty += 1
        return [Message(role="user", text=self.go_on)]

    def _ended(self, why: Why, detail: str, summary: str = "") -> Ended:
        return Ended(
            why=why,
            detail=detail,
            summary=summary,
            directions=directions(self.desk),
            refusals=self._refusals,
            empty_replies=self._empty,
        )
