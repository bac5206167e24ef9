"""A session's conversation: what runs at once, what waits, what is answered, how it ends, and what is written down."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from paper_desk import paper_desk

from agent.desk import Desk
from agent.domain import Budget, StepKind
from agent.ledger import Ledger
from agent.models.gateway import Gateway
from agent.models.messages import Message
from agent.models.player import Player, ScriptedChat
from agent.models.script import Entry, call, malformed, refuse, say
from agent.session.answers import Answerer
from agent.session.session import Ended, Session, Why
from agent.toolbox.changing import EDIT, WRITE
from agent.toolbox.cut import MORE, MOST_CHARACTERS, cut
from agent.toolbox.submit import SUBMIT
from agent.toolbox.tool import Arguments, Manner, Tool
from storage.memory import MemoryJournal
from tools.errors import ToolError

FILES = {"shop.py": "def match(a):\n    return [x for x in a if x in list(a)]\n"}
_meeting = threading.Barrier(4)


class Numbered(Arguments):
    """Which of several calls it is."""

    number: int = 0


def _meet(_: Desk, arguments: Numbered) -> str:
    _meeting.wait(timeout=60)
    return f"met {arguments.number}"


def _sleep(_: Desk, arguments: Numbered) -> str:
    time.sleep(0.2)
    return f"slept {arguments.number}"


def _see(desk: Desk, _: Numbered) -> str:
    return "edited" if "set(a)" in desk.read("shop.py") else "as it was"


def _fail(_: Desk, __: Numbered) -> str:
    raise ToolError("This never works. Use `view`.")


MEET = Tool(name="meet", description="Waits for three others.", arguments=Numbered, run=_meet)
SLEEP = Tool(name="sleep", description="Takes long.", arguments=Numbered, run=_sleep)
TESTS = Tool(name="tests", description="Looks at the code.", arguments=Numbered, run=_see)
FAIL = Tool(name="fail", description="Fails.", arguments=Numbered, run=_fail)
_measured: list[int] = []


def _measure(_: Desk, __: Numbered) -> str:
    _measured.append(1)
    return f"measured {len(_measured)} times"


MEASURE = Tool(
    name="measure", description="Measures.", arguments=Numbered, run=_measure, manner=Manner.ALONE, repeatable=False
)


def _break(_: Desk, arguments: Numbered) -> str:
    return str(1 // arguments.number)


LONG = Tool(
    name="long",
    description="Says much.",
    arguments=Numbered,
    run=lambda *_: "\n".join(f"value {number} of many of its kind" for number in range(1, 3_001)),
)
BROKEN = Tool(name="broken", description="Breaks.", arguments=Numbered, run=_break)
TOOLS = (LONG, BROKEN, SLEEP, TESTS, FAIL, MEASURE, EDIT, WRITE, MORE, SUBMIT, MEET)
BY_SET = call("edit", path="shop.py", old="x in list(a)", new="x in set(a)")
BY = say("", BY_SET)
DONE = say("", call("submit", summary="a set"))


def converse(
    folder: Path, entries: Sequence[Entry], journal: MemoryJournal | None = None, budget: Budget | None = None
) -> tuple[Ended, Desk, MemoryJournal]:
    """One session with a scripted model."""
    desk, written = paper_desk(folder, FILES), journal or MemoryJournal()
    ledger = Ledger(budget or Budget())
    chat = ScriptedChat(Player(entries, "the script"))
    session = Session(
        desk=desk,
        gateway=Gateway(chat, desk.job.models, written, ledger, round=1),
        answerer=Answerer(tools=TOOLS, desk=desk, journal=written, round=1),
        tools=TOOLS,
        opening=(Message(role="system", text="Be quick."), Message(role="user", text="Make match faster.")),
    )
    return session.run(), desk, written


def answers(journal: MemoryJournal) -> list[str]:
    return [str(step.data["answer"]) for step in journal.steps(StepKind.RESULT)]


def test_independent_calls_run_at_once(tmp_path: Path) -> None:
    entries = [say("", *(call("meet", number=number) for number in range(4))), DONE, say("", BY_SET), DONE]
    _, _, journal = converse(tmp_path, entries)
    assert answers(journal)[:4] == [f"met {number}" for number in range(4)]


def test_an_edit_and_the_test_after_it_keep_their_order(tmp_path: Path) -> None:
    calls = (call("tests"), call("sleep"), BY_SET, call("tests"), call("sleep"))
    _, desk, journal = converse(tmp_path, [say("", *calls), DONE])
    seen = answers(journal)
    assert (seen[0], seen[3]) == ("as it was", "edited")
    assert "set(a)" in desk.read("shop.py")


def test_each_reply_call_and_result_is_a_step_in_its_order(tmp_path: Path) -> None:
    _, _, journal = converse(tmp_path, [say("I edit.", BY_SET, call("tests")), DONE])
    kinds = [step.kind for step in journal.steps()]
    edit = [StepKind.CALL, StepKind.RESULT]
    assert kinds == [StepKind.REPLY, *edit, *edit, StepKind.REPLY, *edit]
    assert all(step.round == 1 for step in journal.steps())


@pytest.mark.parametrize(
    ("calls", "sentence"),
    [
        ((malformed("edit", '{"path": "shop'),), "The arguments of edit are not JSON"),
        ((malformed("edit", '["shop.py"]'),), "edit was called wrongly"),
        ((call("edit", path="shop.py"),), "`old`: Field required"),
        ((call("edit", path="shop.py", old="a", new="b", why="x"),), "`why`: Extra inputs are not permitted"),
        ((call("fix_everything"),), "There is no tool 'fix_everything'. The tools: long, broken, sleep, tests"),
        ((call("fail"),), "Error: This never works. Use `view`."),
        ((call("submit", summary="done"),), "Nothing was edited, so there is nothing to hand in"),
    ],
)
def test_a_wrong_call_is_answered_so_that_it_can_be_mended(
    tmp_path: Path, calls: Sequence[object], sentence: str
) -> None:
    ended, _, journal = converse(tmp_path, [say("", *calls), say("", BY_SET), DONE])  # type: ignore[arg-type]
    assert sentence in answers(journal)[0]
    assert ended.why is Why.SUBMITTED
    assert ended.summary == "a set"


def test_it_is_given_up_after_repeated_idle_replies_which_are_counted(tmp_path: Path) -> None:
    ended, _, _ = converse(tmp_path, [say("It is optimal."), refuse("I will not."), say("")])
    assert (ended.why, ended.refusals, ended.empty_replies) == (Why.IDLE, 1, 1)


def test_a_call_in_between_makes_up_for_idle_replies(tmp_path: Path) -> None:
    idle = [say("Hm."), say("Hm.")]
    ended, _, _ = converse(tmp_path, [*idle, say("", BY_SET), *idle, DONE])
    assert ended.why is Why.SUBMITTED


def test_a_budget_ends_it(tmp_path: Path) -> None:
    ended, desk, _ = converse(tmp_path, [say("", BY_SET), say("", call("tests"))], budget=Budget(model_calls=2))
    assert (ended.why, ended.detail) == (Why.BUDGET, "the budget of 2 model calls is used up")
    assert desk.edits  # what was edited by then is judged all the same


def test_a_killed_session_asks_and_measures_nothing_twice(tmp_path: Path) -> None:
    _measured.clear()
    whole = [say("", BY_SET, call("measure")), say("", call("tests")), DONE]
    journal = MemoryJournal()
    with pytest.raises(Exception, match="run out"):
        converse(tmp_path / "first", whole[:2], journal)
    journal.attempt += 1
    ended, desk, _ = converse(tmp_path / "again", [DONE], journal)
    assert ended.why is Why.SUBMITTED
    assert "set(a)" in desk.read("shop.py")
    assert len(_measured) == 1
    replies = journal.steps(StepKind.REPLY)
    assert [step.data["repeated"] for step in replies] == [False, False, True, True, False]
    again = [step for step in journal.steps(StepKind.RESULT) if step.attempt == 1]
    assert [step.data["answer"] for step in again][1] == "measured 1 times"


def test_a_long_answer_is_cut_and_the_rest_is_at_hand(tmp_path: Path) -> None:
    _, desk, journal = converse(tmp_path, [say("", call("long")), say("", call("more", output=1, line=1500)), BY, DONE])
    whole, rest = answers(journal)[:2]
    assert "value 1 of" in whole
    assert rest.startswith("value 1500 of")
    told = cut(desk, whole)
    assert len(told) < MOST_CHARACTERS + 200
    assert "characters are left out here; more(output=" in told


def test_a_tool_that_breaks_costs_the_job_nothing_and_leaves_its_traceback(tmp_path: Path) -> None:
    ended, _, journal = converse(tmp_path, [say("", call("broken")), BY, DONE])
    assert ended.why is Why.SUBMITTED
    [step, *_] = journal.steps(StepKind.RESULT)
    assert step.data["answer"] == "Error: broken failed by a mistake of its own (ZeroDivisionError). Go on without it."
    assert "in _break" in str(step.data["crash"])
