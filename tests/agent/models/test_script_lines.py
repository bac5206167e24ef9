"""Scripts: what stands in a file, what a request must be like, and how loudly anything else fails."""

from pathlib import Path

import pytest
from served import asking

from agent.models.failure import ModelFailed
from agent.models.messages import Message, Request
from agent.models.player import Player, ScriptedChat, scripted
from agent.models.question import question_digest
from agent.models.script import Entry, call, drop, fault, malformed, read_script, refuse, say, too_long, write_script
from tools.errors import UserError

EVERYTHING = (
    say("hello", call("view", path="a.py"), malformed("view", "{"), usage=(3, 2, 1)).when(last="faster", model="m"),
    refuse("no").late(0.5),
    say("cut", finish="length"),
    fault(429, {"error": {"message": "slow"}}, retry_after="1"),
    drop("data: "),
    too_long(100).when(contains=("a", "b"), lacks="c", tools="view", digest="0" * 32),
)


def play(*entries: Entry) -> ScriptedChat:
    return ScriptedChat(Player(entries, "the script"), sleep=lambda _: None)


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    path = write_script(tmp_path / "script.jsonl", EVERYTHING)
    assert read_script(path) == EVERYTHING
    assert len(path.read_text().splitlines()) == len(EVERYTHING)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2 of the script"),
        ('{"reply": {"content": "a"}, "fault": {}}', "it needs `reply` or `fault`, and not both"),
        ("{}", "it needs `reply` or `fault`, and not both"),
        ('{"reply": {"contents": "a"}}', "reply.contents"),
        ('{"reply": {"finish": "tired"}}', "reply.finish"),
    ],
)
def test_a_line_at_fault_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "script.jsonl"
    path.write_text(f'{{"reply": {{}}}}\n{line}\n')
    with pytest.raises(UserError) as caught:
        read_script(path)
    assert told in str(caught.value)
    assert "line 2" in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.jsonl cannot be read"):
        scripted(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (say().when(last="slower"), r'"slower" in the last message, which is \(user\) "make it faster"'),
        (say().when(contains="Rust"), r'"Rust" somewhere in the request'),
        (say().when(lacks="brief"), r'no "brief", and it stands in "You are brief'),
        (say().when(tools=("view", "edit")), "the tool 'edit' to be offered, and there are view"),
        (say().when(model="gpt"), "the model 'gpt', and 'openai:local/small' was asked"),
        (say().when(digest="f" * 32), "the request f{32}, and [0-9a-f]{32} came"),
    ],
)
def test_a_request_that_differs_is_told_with_what_was_expected_and_what_came(entry: Entry, told: str) -> None:
    chat = play(say("first"), entry)
    chat.reply(asking(), timeout_s=9)
    with pytest.raises(ModelFailed, match=f"entry 2 of the script: expected {told}"):
        chat.reply(asking(), timeout_s=9)
    assert "entry 2" in chat.player.problem()


def test_a_request_as_expected_is_answered() -> None:
    expected = say("yes").when(
        digest=question_digest(asking()), last="faster", contains=("brief", "Shows a file"), lacks="Rust", tools="view"
    )
    chat = play(expected)
    assert chat.reply(asking(), timeout_s=9).message.text == "yes"
    assert chat.player.problem() == ""


def test_a_script_that_runs_out_fails() -> None:
    chat = play(say("only"))
    chat.reply(asking(), timeout_s=9)
    with pytest.raises(ModelFailed, match="the script has run out: all its 1 entries"):
        chat.reply(asking(), timeout_s=9)
    assert "run out" in chat.player.problem()


def test_what_was_never_asked_for_is_named() -> None:
    chat = play(say("first"), say("second"))
    chat.reply(asking(), timeout_s=9)
    assert chat.player.problem() == "the script was not played to its end: entry 2 of 2 was never asked for"


def test_faults_mean_in_this_process_what_they_mean_over_a_socket() -> None:
    chat = play(fault(429), drop(), fault(200, "<html>"), say("there"), too_long(77), fault(401, "wrong key"))
    assert chat.reply(asking(), timeout_s=9).message.text == "there"
    assert chat.reply(asking(), timeout_s=9).finish == "overflow"
    with pytest.raises(ModelFailed, match="does not accept the key"):
        chat.reply(asking(), timeout_s=9)
    with pytest.raises(ModelFailed, match="no usable answer after 6 tries"):
        play(*[fault(500)] * 7).reply(asking(), timeout_s=9)
    with pytest.raises(ModelFailed, match="gave no answer within 9 s"):
        play(say("late").late(10)).reply(asking(), timeout_s=9)


def test_a_resumed_job_goes_on_behind_the_replies_that_it_has() -> None:
    chat = play(fault(429), say("one"), too_long(77), fault(500), say("three"))
    chat.player.skip(2)
    assert chat.reply(asking(), timeout_s=9).message.text == "three"


def test_the_question_is_the_same_whatever_the_model_and_the_room() -> None:
    other = Request(model="replay:x", messages=asking().messages, tools=asking().tools, max_output_tokens=1)
    assert question_digest(other) == question_digest(asking())
    assert question_digest(asking("another")) != question_digest(asking())
    fewer = Request(model="m", messages=asking().messages)
    assert question_digest(fewer) != question_digest(asking())
    answered = Request(model="m", messages=(Message(role="tool", text="a", answers="1"),))
    assert question_digest(answered) != question_digest(Request(model="m", messages=(Message(role="tool", text="a"),)))
