"""A run that is recorded from one endpoint plays again exactly: in this process, and from another endpoint."""

from dataclasses import replace
from pathlib import Path

import pytest
from served import NAME, asking, served

from agent.models.failure import ModelFailed
from agent.models.messages import Chat, Message, Reply, Request
from agent.models.player import scripted
from agent.models.recorder import Recorder
from agent.models.script import call, fault, malformed, read_script, refuse, say, too_long
from tools.errors import UserError

SCRIPT = (
    fault(429, retry_after="1"),
    say("I look. ☃", call("view", path="a.py", lines=[1, 2]), call("view", path="é"), usage=(900, 30, 512, 20)),
    say("", malformed("vi ew", '{"path": "a'), malformed("view", "[1]")),
    say(""),
    refuse("I will not."),
    say("It is", finish="length"),
    too_long(4096),
    say("", call("submit", summary="done")),
)


def converse(chat: Chat, model: str) -> list[Reply]:
    """A conversation as a session holds it: each reply and the answers to its calls lead to the next request."""
    messages = asking().messages
    replies: list[Reply] = []
    for turn in range(7):
        reply = chat.reply(replace(asking(), model=model, messages=messages), timeout_s=60)
        replies.append(replace(reply, seconds=0.0))
        if reply.finish == "overflow":
            messages = messages[:4]
            continue
        answers = [Message(role="tool", text=f"answer {turn}", answers=one.id) for one in reply.message.calls]
        messages = (*messages, reply.message, *(answers or [Message(role="user", text=f"Go on. {turn}")]))
    return replies


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
def test_a_recording_plays_again(tmp_path: Path, streaming: bool) -> None:
    path = tmp_path / "run.jsonl"
    with served(*SCRIPT, streaming=streaming) as here:
        live = converse(Recorder(here.chat, path), NAME)
        assert here.problem == ""
    assert len(read_script(path)) == 7
    assert all(entry.expect.digest for entry in read_script(path))

    played = scripted(path)
    assert converse(played, f"replay:{path}") == live
    assert played.player.problem() == ""

    again = tmp_path / "again.jsonl"
    with served(*read_script(path), streaming=not streaming) as here:
        assert converse(Recorder(here.chat, again), NAME) == live
        assert here.problem == ""
    assert again.read_text() == path.read_text()


def test_a_run_that_asks_otherwise_is_told_where(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with served(*SCRIPT) as here:
        converse(Recorder(here.chat, path), NAME)
    first, *rest = asking().messages
    other = Request(model="m", messages=(first, *rest, Message(role="user", text="new")), tools=asking().tools)
    with pytest.raises(ModelFailed, match=r"entry 1 of .* it has 3 messages in place of 2"):
        scripted(path).reply(other, timeout_s=9)
    with pytest.raises(ModelFailed, match=r"message 2 of 2 differs, now \(user\) \"make it slower\""):
        scripted(path).reply(asking("make it slower"), timeout_s=9)
    with pytest.raises(ModelFailed, match="its tools differ"):
        scripted(path).reply(replace(asking(), tools=()), timeout_s=9)


def test_a_model_that_died_is_dead_again(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with served(fault(404, {"error": {"message": "no such model"}})) as here:
        recorder = Recorder(here.chat, path)
        with pytest.raises(ModelFailed):
            recorder.reply(asking(), timeout_s=9)
    with pytest.raises(ModelFailed, match="no such model"):
        scripted(path).reply(asking(), timeout_s=9)


def test_a_recording_is_never_written_over_and_a_resumed_job_goes_on_with_it(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    with served(say("one"), say("two"), say("two again"), say("three")) as here:
        recorder = Recorder(here.chat, path)
        for _ in range(2):
            recorder.reply(asking(), timeout_s=9)
        with pytest.raises(UserError, match="is there already"):
            Recorder(here.chat, path)
        resumed = Recorder(here.chat, path, kept=1)  # it was killed before the second reply was in its journal
        for _ in range(2):
            resumed.reply(asking(), timeout_s=9)
    said = [entry.reply.content for entry in read_script(path) if entry.reply]
    assert said == ["one", "two again", "three"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with served(say("one")) as here, pytest.raises(UserError, match="cannot be written"):
        Recorder(here.chat, tmp_path / "none" / "run.jsonl")
