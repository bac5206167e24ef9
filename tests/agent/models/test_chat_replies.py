"""What a model says arrives whole, however its endpoint says it: over a socket, with and without a stream."""

import time
from dataclasses import replace

import pytest
from served import asking, served

from agent.models.convert import sent_messages
from agent.models.costs import request_tokens
from agent.models.messages import Message, ToolCall
from agent.models.script import call, malformed, refuse, say
from agent.toolbox.submit import SUBMIT
from tools.errors import ToolError

both = pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])


@both
def test_words_calls_and_counted_tokens(streaming: bool) -> None:
    entry = say("I look. ☃", call("view", path="a.py"), call("view", path="b.py"), usage=(900, 30, 512))
    with served(entry, streaming=streaming) as here:
        reply = here.ask()
    assert reply.message == Message(
        role="assistant",
        text="I look. ☃",
        calls=(
            ToolCall(id="call_1_1", name="view", arguments='{"path": "a.py"}'),
            ToolCall(id="call_1_2", name="view", arguments='{"path": "b.py"}'),
        ),
    )
    usage = reply.usage
    assert (usage.input_tokens, usage.output_tokens, usage.cached_tokens, usage.estimated) == (900, 30, 512, False)
    assert (reply.finish, here.problem) == ("tool_calls", "")


@both
@pytest.mark.parametrize("written", ['{"summary": "half', "[1, 2]", "view a.py", '"text"', "null"])
def test_malformed_arguments_arrive_as_they_were_written_and_a_tool_can_answer_them(
    streaming: bool, written: str
) -> None:
    with served(say("", malformed("submit", written), call("view", path="a")), streaming=streaming) as here:
        first, second = here.ask().message.calls
    assert first.arguments == written  # a stream's beginnings of JSON are not completed into something else
    assert second.arguments == '{"path": "a"}'
    with pytest.raises(ToolError, match="submit"):
        SUBMIT.parse(first.arguments)


@both
def test_line_breaks_inside_of_texts_are_understood(streaming: bool) -> None:
    with served(say("", malformed("view", '{"path":"a\nb"}')), streaming=streaming) as here:
        [one] = here.ask().message.calls
    assert one.arguments == '{"path": "a\\nb"}'


@both
def test_refusals_empty_replies_and_cut_ones_are_told_apart(streaming: bool) -> None:
    script = (refuse("I will not."), say(""), say("It is", finish="length"), say("", finish="refusal"), say("Done."))
    with served(*script, streaming=streaming) as here:
        replies = [here.ask() for _ in script]
    assert [(reply.finish, reply.message.text) for reply in replies] == [
        ("refusal", "I will not."),
        ("stop", ""),
        ("length", "It is"),
        ("refusal", ""),
        ("stop", "Done."),
    ]


@both
def test_tokens_are_estimated_where_the_endpoint_does_not_count(streaming: bool) -> None:
    with served(say("x" * 400), streaming=streaming) as here:
        usage = here.ask().usage
    assert usage.estimated
    assert usage.input_tokens == request_tokens(asking())
    assert 100 <= usage.output_tokens <= 110


def test_a_conversation_reaches_the_endpoint_as_it_was_held() -> None:
    """Also what providers refuse: an empty turn, arguments that are no JSON, halves of surrogate pairs."""
    held = (
        *asking("caf\udce9").messages,
        Message(role="assistant", calls=(ToolCall(id="1", name="vi ew", arguments="{oops"),)),
        Message(role="tool", text="Error: not JSON", answers="1"),
        Message(role="assistant"),
        Message(role="user", text="Go on."),
    )
    request = replace(asking(), messages=held)
    expected = say("fine").when(
        contains=("You are brief.", "caf", "{oops", "Error: not JSON"), last="Go on.", lacks="not_json", tools="view"
    )
    with served(expected) as here:
        assert here.ask(request).message.text == "fine"


def test_nothing_is_sent_that_some_provider_refuses() -> None:
    calls = (ToolCall(id="1", name="vi ew", arguments="[1"), ToolCall(id="2", name="", arguments=""))
    held = (Message(role="assistant"), Message(role="assistant", text=" \n"), Message(role="assistant", calls=calls))
    answered = Message(role="tool", text="caf\udce9", answers="1")
    *empty, called, answer = sent_messages(replace(asking(), messages=(*held, answered)))
    assert all(str(message.text).strip() for message in empty)
    assert [call["name"] for call in called.tool_calls] == ["vi_ew", "_"]
    assert [call["args"] for call in called.tool_calls] == [{"not_json": "[1"}, {}]
    assert (answer.name, str(answer.text).encode("utf-8")[:3]) == ("vi_ew", b"caf")


def test_our_own_time_for_a_call_is_small() -> None:
    request = replace(asking(), messages=(*asking().messages, *[Message(role="user", text="x" * 400)] * 60))
    with served(*[say("ok")] * 21) as here:
        here.ask(request)
        started = time.process_time()
        for _ in range(20):
            here.ask(request)
        assert (time.process_time() - started) / 20 < 0.1  # some 6 ms where nothing else runs


def test_a_limit_is_sent_under_the_name_that_the_server_knows() -> None:
    seen: list[int] = []
    with served(say("a"), say("b")) as here:
        take = here.endpoint.player.take
        here.endpoint.player.take = lambda request: (seen.append(request.max_output_tokens), take(request))[1]  # type: ignore[method-assign]
        here.ask(asking(max_output_tokens=333))
        here.ask(asking(max_output_tokens=444, model="openai:gpt-5-mini"))
    assert seen == [333, 444]
