"""Every call is charged, whatever came of it, and no budget is ever exceeded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from served import NAME, asking, served

from agent.domain import Budget, Model, Spend
from agent.ledger import Ledger
from agent.models.costs import request_tokens
from agent.models.failure import ModelFailed
from agent.models.gateway import BudgetSpent, Gateway, paid_for
from agent.models.messages import Message, Reply, Request, Usage
from agent.models.script import fault, say
from storage.memory import MemoryJournal

PRICED = Model(name=NAME, input_usd_per_mtok=2.0, output_usd_per_mtok=10.0, cached_usd_per_mtok=0.5)


def test_a_call_costs_what_the_provider_counted() -> None:
    ledger, journal = Ledger(Budget()), MemoryJournal()
    with served(say("hello", usage=(1_000, 100, 600))) as here:
        Gateway(here.chat, [PRICED], journal, ledger, round=1).ask(asking(), title="asked")
    assert (ledger.spend.model_calls, ledger.spend.tokens, ledger.spend.unpriced_tokens) == (1, 1_100, 0)
    assert ledger.spend.usd == pytest.approx((400 * 2 + 600 * 0.5 + 100 * 10) / 1e6)
    written = paid_for(journal.steps())
    assert (written.usd, written.tokens) == (pytest.approx(ledger.spend.usd), 1_100)


def test_tokens_put_into_a_cache_cost_more() -> None:
    ledger = Ledger(Budget())
    with served(say("hello", usage=(1_000, 0, 0, 800))) as here:
        Gateway(here.chat, [PRICED], MemoryJournal(), ledger, round=1).ask(asking(), title="asked")
    assert ledger.spend.usd == pytest.approx((200 * 2 + 800 * 2 * 1.25) / 1e6)


def test_an_unknown_price_is_no_price() -> None:
    ledger, journal = Ledger(Budget(usd=0.000_001)), MemoryJournal()
    with served(say("hello", usage=(1_000, 100))) as here:
        Gateway(here.chat, [Model(name=NAME)], journal, ledger, round=1).ask(asking(), title="asked")
    assert (ledger.spend.usd, ledger.spend.unpriced_tokens) == (0, 1_100)
    assert journal.steps()[0].data["usd"] is None


def test_a_call_that_failed_is_charged_for_what_was_read() -> None:
    ledger = Ledger(Budget())
    with served(fault(200, "<html>"), fault(401, "wrong key")) as here:
        gateway = Gateway(here.chat, [PRICED], MemoryJournal(), ledger, round=1)
        with pytest.raises(ModelFailed, match="set OPENAI_API_KEY"):
            gateway.ask(asking(), title="asked")
    read = request_tokens(asking())
    assert (ledger.spend.model_calls, ledger.spend.tokens) == (1, read)
    assert ledger.spend.usd == pytest.approx(read * 2 / 1e6)


def test_the_reply_has_no_more_room_than_the_budget_pays_for() -> None:
    seen: list[int] = []
    budget = Budget(usd=0.004)
    with served(say("a")) as here:
        take = here.endpoint.player.take
        here.endpoint.player.take = lambda request: (seen.append(request.max_output_tokens), take(request))[1]  # type: ignore[method-assign]
        Gateway(here.chat, [PRICED], MemoryJournal(), Ledger(budget), round=1).ask(asking(), title="asked")
    left_usd = 0.004 - request_tokens(asking()) * 2 / 1e6
    assert seen == [int(left_usd / 10 * 1e6)]


class Talker:
    """Says as much as it may, every time; its tokens are `scale` of ours each."""

    def __init__(self, scale: float = 1.0) -> None:
        self._scale = scale

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        assert timeout_s > 0
        read = int(request_tokens(request) * self._scale)
        return Reply(
            message=Message(role="assistant", text="on and on"),
            usage=Usage(input_tokens=read, output_tokens=request.max_output_tokens),
        )


def spend_all(gateway: Gateway, text: str, **more: object) -> None:
    """Ask until a budget is used up."""
    for turn in range(1000):
        try:
            gateway.ask(asking(f"{text} {turn}", **more), title="asked")
        except BudgetSpent:
            return
    pytest.fail("no budget ended it")


@given(
    calls=st.integers(0, 6),
    tokens=st.integers(0, 30_000),
    usd=st.floats(0, 0.2),
    before=st.integers(0, 20_000),
    words=st.integers(1, 4_000),
)
def test_no_wall_is_ever_exceeded(calls: int, tokens: int, usd: float, before: int, words: int) -> None:
    budget = Budget(model_calls=calls, tokens=tokens, usd=usd)
    ledger = Ledger(budget, Spend(tokens=before))
    gateway = Gateway(Talker(), [PRICED], MemoryJournal(), ledger, round=1)
    spend_all(gateway, "x " * words)
    assert ledger.spend.model_calls <= calls
    assert ledger.spend.tokens <= max(tokens, before)
    assert ledger.spend.usd <= usd + 1e-12


def test_a_model_whose_tokens_are_smaller_than_ours_is_reckoned_with() -> None:
    ledger = Ledger(Budget(tokens=40_000))
    gateway = Gateway(Talker(scale=1.5), [PRICED], MemoryJournal(), ledger, round=1)
    spend_all(gateway, "x" * 8_000, max_output_tokens=3_000)
    assert 30_000 < ledger.spend.tokens <= 40_000


def test_it_does_not_ask_when_no_time_is_left() -> None:
    now = [0.0]
    ledger = Ledger(Budget(wall_s=100), clock=lambda: now[0])
    gateway = Gateway(Talker(), [PRICED], MemoryJournal(), ledger, round=1)
    gateway.ask(asking(), title="asked")
    now[0] = 97.0
    with pytest.raises(BudgetSpent, match="time"):
        gateway.ask(asking(), title="asked")
