"""The one way to a model: within the budget, charged whatever comes back, written down, and not asked twice.

A round that was killed begins again. What it was answered before is answered again from the journal, as long as it asks
the same in the same order; whatever else it asks goes to the model.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, cast

from agent.domain import Model, Spend, Step, StepKind
from agent.ledger import Ledger
from agent.models.costs import request_tokens, usd_of
from agent.models.failure import ModelFailed
from agent.models.messages import Chat, Message, Reply, Request, ToolCall, Usage
from agent.protocols import Journal
from tools.errors import HastenError

LEAST_REPLY_TOKENS = 256
"""Where the budget or the context leaves less than this for a reply, the model is not asked."""
LEAST_CALL_S = 5.0
CALL_S = 600.0
"""The longest one call may take, with its retries."""


class BudgetSpent(HastenError):
    """The model may not be asked: a budget is used up, or would be."""


class Gateway:
    """Asks the models of one round."""

    def __init__(self, chat: Chat, models: Sequence[Model], journal: Journal, ledger: Ledger, *, round: int) -> None:
        self._chat = chat
        self._models = {model.name: model for model in models}
        self._journal = journal
        self._ledger = ledger
        self._round = round
        self._remembered = [
            step for step in journal.steps(StepKind.REPLY, round=round) if not step.data.get("repeated")
        ]
        """Replies of attempts at this round that were killed, in their order."""
        self._scale: dict[str, float] = {}
        """By model: how many of its tokens one of our estimated ones has turned out to be, never less than one."""

    def model(self, name: str) -> Model:
        """A model of the job by its name."""
        return self._models[name]

    def ask(self, request: Request, *, title: str) -> Reply:
        """The model's answer; raises BudgetSpent, or ModelFailed where the endpoint is dead."""
        if known := self._known(request):
            self._write(request, known, title, repeated=True)
            self._learn(request, known.usage)
            return known
        request, timeout_s = self._within_budget(request)
        try:
            reply = self._chat.reply(request, timeout_s=timeout_s)
        except ModelFailed as error:
            self._charge(request, error.usage)
            raise
        self._charge(request, reply.usage)
        self._learn(request, reply.usage)
        self._write(request, reply, title, repeated=False)
        return reply

    def _known(self, request: Request) -> Reply | None:
        for index, step in enumerate(self._remembered):
            if step.data["request"] == request.digest:
                del self._remembered[: index + 1]
                return reply_of(step)
        return None

    def _within_budget(self, request: Request) -> tuple[Request, float]:
        """The request with no more room for its reply than the budget pays for, and the time that it may take."""
        if spent := self._ledger.models_exhausted:
            raise BudgetSpent(spent)
        model, spend, budget = self._models[request.model], self._ledger.spend, self._ledger.budget
        asked = int(request_tokens(request) * self._scale.get(request.model, 1.0))
        room = min(request.max_output_tokens, budget.tokens - spend.tokens - asked)
        price = model.output_usd_per_mtok
        if price:
            left_usd = budget.usd - spend.usd - (usd_of(model, Usage(input_tokens=asked)) or 0.0)
            room = min(room, int(left_usd / price * 1e6))
        if room < min(LEAST_REPLY_TOKENS, request.max_output_tokens):
            raise BudgetSpent("what is left of the budget does not pay for another model call")
        if self._ledger.left_s < LEAST_CALL_S:
            raise BudgetSpent("no time is left for another model call")
        return replace(request, max_output_tokens=room), min(CALL_S, self._ledger.left_s)

    def _learn(self, request: Request, usage: Usage) -> None:
        if usage.input_tokens and not usage.estimated:
            ratio = usage.input_tokens / max(1, request_tokens(request))
            self._scale[request.model] = max(1.0, ratio, self._scale.get(request.model, 1.0))

    def _charge(self, request: Request, usage: Usage) -> None:
        self._ledger.charge_call(usage.tokens, usd_of(self._models[request.model], usage))

    def _write(self, request: Request, reply: Reply, title: str, *, repeated: bool) -> None:
        data = {
            "request": request.digest,
            "model": request.model,
            "reply": asdict(reply),
            "usd": usd_of(self._models[request.model], reply.usage),
            "repeated": repeated,
        }
        self._journal.append(StepKind.REPLY, title, data, round=self._round)


def reply_of(step: Step) -> Reply:
    """The reply that a journal's step holds."""
    data = cast("Mapping[str, Any]", step.data["reply"])
    message = data["message"]
    calls = tuple(ToolCall(**call) for call in message["calls"])
    return Reply(
        message=Message(**{**message, "calls": calls}),
        usage=Usage(**data["usage"]),
        finish=data["finish"],
        seconds=data["seconds"],
    )


def paid_for(replies: Sequence[Step]) -> Spend:
    """What these steps cost when they were made; those that were answered from the journal cost nothing."""
    return worth(step for step in replies if not step.data["repeated"])


def worth(replies: Iterable[Step]) -> Spend:
    """What the replies of these steps cost, whoever paid for them."""
    spend = Spend()
    for step in replies:
        usage, usd = reply_of(step).usage, step.data.get("usd")
        spend = replace(
            spend,
            model_calls=spend.model_calls + 1,
            tokens=spend.tokens + usage.tokens,
            usd=spend.usd + (float(str(usd)) if usd is not None else 0.0),
            unpriced_tokens=spend.unpriced_tokens + (usage.tokens if usd is None else 0),
        )
    return spend
