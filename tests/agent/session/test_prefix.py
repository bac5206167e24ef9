"""What providers cache: the beginning of a prompt is the same from round to round and from reply to reply."""

from dataclasses import replace
from itertools import pairwise, takewhile
from pathlib import Path

import pytest
from paper_desk import paper_desk, paper_job, paper_kit

from agent.desk import Desk
from agent.domain import Candidate, Model, Origin, Outcome, Verdict
from agent.ledger import Ledger
from agent.models.gateway import Gateway
from agent.models.messages import Message, Reply, Request, ToolCall, Usage
from agent.prompts.opening import opening
from agent.protocols import Entry
from agent.session.answers import Answerer
from agent.session.room import TAKEN_OUT, fit
from agent.session.session import Session, Why
from agent.toolbox.submit import SUBMIT
from agent.toolbox.tool import Arguments, Tool

SHOP = '"""A shop."""\n\n\ndef match(orders, customers):\n    return [one for one in orders if one in customers]\n'


class Nothing(Arguments):
    """No arguments."""


LONG = Tool(name="long", description="A long answer.", arguments=Nothing, run=lambda _desk, _: "measured " * 400)


def entry(number: int, outcome: Outcome, patch: str = "-a\n+b\n") -> Entry:
    candidate = Candidate(
        number=number, patch=patch, origin=Origin.MODEL, summary=f"idea {number}", target="shop:match", round=number
    )
    return Entry(candidate=candidate, verdict=Verdict(outcome=outcome, reason="r"))


def told(desk: Desk, entries: list[Entry]) -> str:
    return "\n".join(f"{message.role}: {message.text}" for message in opening(desk, entries))


def beginning(one: str, other: str) -> str:
    """What both begin with."""
    return "".join(left for left, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def test_rounds_on_one_target_share_all_but_what_is_new(tmp_path: Path) -> None:
    attempts = [entry(1, Outcome.NOT_FASTER), entry(2, Outcome.TESTS_FAILED)]
    first = told(paper_desk(tmp_path, {"shop.py": SHOP}, instruction="Go for the loop.", views=("examples",)), [])
    second = told(
        paper_desk(tmp_path, {"shop.py": SHOP}, round=3, show=(1, 2), views=("examples",), instruction="Repair it."),
        attempts,
    )
    shared = beginning(first, second)
    assert shared == first[: first.index("This time")]
    for lasting in ("You make one function", "# The project", "def match(orders", "# Slow code and its fast form"):
        assert lasting in shared
    assert second[len(shared) :].startswith("Earlier attempts")


def test_rounds_on_two_targets_share_the_rules_and_the_project(tmp_path: Path) -> None:
    files = {"shop.py": SHOP, "till.py": SHOP}
    one, other = (told(paper_desk(tmp_path, files, target=f"{name}:match"), []) for name in ("shop", "till"))
    assert beginning(one, other).endswith("# The task\n\nMake `")


def test_views_come_in_the_order_of_how_long_they_last(tmp_path: Path) -> None:
    kit = paper_kit(paper_job())
    kit.archive.add(entry(1, Outcome.NOT_FASTER).candidate, entry(1, Outcome.NOT_FASTER).verdict, ())
    views = [("lessons", "examples"), ("examples", "lessons")]
    texts = [told(paper_desk(tmp_path, {"shop.py": SHOP}, round=2, views=one, kit=kit), []) for one in views]
    assert texts[0] == texts[1]
    assert texts[0].index("# Slow code") < texts[0].index("# What was tried")


class Script:
    """A model that calls a tool a few times and then hands in; it keeps what it was asked."""

    def __init__(self, turns: int) -> None:
        self.turns = turns
        self.asked: list[Request] = []

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        assert timeout_s > 0
        self.asked.append(request)
        turn = len(self.asked)
        call = ToolCall(id=f"c{turn}", name="long", arguments="{}")
        if turn > self.turns:
            call = ToolCall(id=f"c{turn}", name="submit", arguments='{"summary": "nothing", "give_up": true}')
        return Reply(message=Message(role="assistant", text=f"turn {turn}", calls=(call,)), usage=Usage(estimated=True))


def converse(folder: Path, turns: int, context_tokens: int) -> list[Request]:
    desk = paper_desk(folder, {"shop.py": SHOP})
    script, tools = Script(turns), (LONG, SUBMIT)
    model = Model(name="test:one", context_tokens=context_tokens, max_output_tokens=500)
    journal = desk.kit.journal
    gateway = Gateway(script, (model,), journal, Ledger(desk.job.budget), round=1)
    answerer = Answerer(tools=tools, desk=desk, journal=journal, round=1)
    session = Session(desk=desk, gateway=gateway, answerer=answerer, tools=tools, opening=opening(desk, []))
    assert session.run().why is Why.SUBMITTED
    return script.asked


def test_a_growing_conversation_never_rewrites_its_beginning(tmp_path: Path) -> None:
    asked = converse(tmp_path, turns=8, context_tokens=100_000)
    assert len(asked) == 9
    for earlier, later in pairwise(asked):
        assert later.messages[: len(earlier.messages)] == earlier.messages
        assert (later.tools, later.model, later.temperature) == (earlier.tools, earlier.model, earlier.temperature)


def test_a_full_context_takes_old_answers_out_seldom_and_never_the_task(tmp_path: Path) -> None:
    asked = converse(tmp_path, turns=20, context_tokens=12_000)
    first = asked[0].messages
    assert [message.role for message in first] == ["system", "user"]
    assert all(request.messages[:2] == first for request in asked)
    rewritten = [
        place
        for place, (earlier, later) in enumerate(pairwise(asked))
        if later.messages[: len(earlier.messages)] != earlier.messages
    ]
    assert 1 <= len(rewritten) <= 4
    last = asked[-1].messages
    assert TAKEN_OUT in {message.text for message in last if message.role == "tool"}
    assert last[-1].text.startswith("measured")


@pytest.mark.parametrize("scale", [1.0, 3.0])
def test_what_is_trimmed_keeps_its_order_and_every_call_its_answer(scale: float) -> None:
    messages = [Message(role="system", text="rules " * 100), Message(role="user", text="task " * 100)]
    for turn in range(10):
        call = ToolCall(id=str(turn), name="long", arguments="{}")
        messages.append(Message(role="assistant", calls=(call,)))
        messages.append(Message(role="tool", text="x" * 4_000, answers=str(turn)))
    kept = fit(messages, int(6_000 * scale), scale=scale)
    assert kept is not None
    assert kept[:2] == tuple(messages[:2])
    assert [replace(one, text="") for one in kept] == [replace(one, text="") for one in messages]
    assert fit(messages[:2], 50) is None
