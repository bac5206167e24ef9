"""Tries that fail: which are made again, how long is waited, and how it ends where nothing helps."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pydantic import SecretStr
from served import NAME, asking, served

from agent.domain import Model
from agent.models.access import Access
from agent.models.chat import LangchainChat
from agent.models.costs import request_tokens
from agent.models.failure import ModelFailed
from agent.models.faults import MOST_TRIES
from agent.models.script import drop, fault, say, too_long

both = pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
HALF = 'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"half"}}]}\n\n'  # noqa: E501
DIED = 'data: {"error": {"message": "the engine died"}}\n\n'


@both
def test_what_may_pass_is_tried_again(streaming: bool) -> None:
    script = (fault(429, retry_after="7"), fault(500, "oops"), drop(), fault(503), say("there"))
    with served(*script, streaming=streaming) as here:
        reply = here.ask(timeout_s=600)
        assert (reply.message.text, here.problem) == ("there", "")
    asked, *grown = here.pauses
    assert here.told[0].startswith(f"{NAME} is asked again in ")
    assert 7 <= asked <= 8
    assert all(0 <= pause <= 2**number for number, pause in enumerate(grown, 1))


def test_a_stream_that_breaks_is_tried_again_and_charged() -> None:
    with served(drop(HALF), fault(200, DIED, content_type="text/event-stream"), say("whole"), streaming=True) as here:
        reply = here.ask()
    assert reply.message.text == "whole"
    assert (reply.usage.input_tokens, reply.usage.estimated) == (3 * request_tokens(asking()), True)


def test_garbage_is_tried_again_and_charged() -> None:
    with served(fault(200, "<html>"), fault(200, {"object": "list"}), fault(200, {"choices": []}), say("ok")) as here:
        reply = here.ask()
    assert (reply.message.text, len(here.pauses)) == ("ok", 3)
    assert reply.usage.input_tokens == 4 * request_tokens(asking())


def test_it_gives_up_with_one_sentence_after_some_tries() -> None:
    with served(*[fault(503, {"error": {"message": "overloaded"}})] * MOST_TRIES, say("never")) as here:
        with pytest.raises(ModelFailed, match=rf"{NAME} at 127.0.0.1:\d+ gave no usable answer after 6 tries \(503: "):
            here.ask(timeout_s=3600)
        assert "entry 7 of 7" in here.problem


def test_it_does_not_wait_longer_than_it_may() -> None:
    with served(fault(429, retry_after="3600"), say("never")) as here:
        with pytest.raises(ModelFailed, match="429"):
            here.ask(timeout_s=600)
        assert here.pauses == []


@pytest.mark.parametrize(
    ("status", "message", "told"),
    [
        (401, "Incorrect API key", "set OPENAI_API_KEY"),
        (403, "not for you", "use a key in OPENAI_API_KEY"),
        (404, "The model does not exist", "check the model's name, and that OPENAI_BASE_URL"),
        (400, "tools are not supported", "check that this model can call tools"),
        (429, "You exceeded your current quota", "check the plan and the bills"),
        (422, "unknown field", "refused the request"),
    ],
)
def test_what_never_passes_ends_at_once_and_says_what_to_do(status: int, message: str, told: str) -> None:
    wrong = fault(status, {"error": {"message": message}})
    with served(wrong, say("never")) as here, pytest.raises(ModelFailed) as caught:
        here.ask()
    assert here.pauses == []
    assert told in str(caught.value)
    assert f"({status}: {message})" in str(caught.value)
    assert "\n" not in str(caught.value)


@both
def test_a_conversation_that_is_too_long_is_an_answer_of_its_own(streaming: bool) -> None:
    with served(too_long(4096), streaming=streaming) as here:
        reply = here.ask()
    assert reply.finish == "overflow"
    assert "4096" in reply.message.text


def test_a_model_that_takes_no_temperature_is_asked_without_one() -> None:
    told = fault(400, {"error": {"message": "Unsupported value: 'temperature' does not support 0.2 with this model."}})
    with served(told, say("warm"), say("still warm")) as here:
        assert here.ask(asking(temperature=0.2)).message.text == "warm"
        assert here.ask(asking(temperature=0.2)).message.text == "still warm"
        assert here.problem == ""


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    access = Access(openai_base_url=SecretStr(f"http://127.0.0.1:{port}/v1"))
    chat = LangchainChat([Model(name=NAME)], access, sleep=lambda _: None)
    told = f"{NAME} at 127.0.0.1:{port} cannot be reached after 6 tries .*; start its server, or set OPENAI_BASE_URL"
    with pytest.raises(ModelFailed, match=told):
        chat.reply(asking(), timeout_s=60)


@contextmanager
def trickling() -> Iterator[int]:
    """An endpoint that sends a byte now and then and never comes to an end."""
    stop = threading.Event()

    def answer(connection: socket.socket) -> None:
        with connection:
            try:
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 99999\r\n\r\n"
                )
                while not stop.wait(0.05):
                    connection.sendall(b": on\n")
            except OSError:
                return

    def accept(server: socket.socket) -> None:
        while not stop.is_set():
            try:
                threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, args=(server,), daemon=True).start()
        yield server.getsockname()[1]
        stop.set()


@both
def test_an_endpoint_that_never_finishes_is_left_in_time_and_charged(streaming: bool) -> None:
    with trickling() as port:
        access = Access(openai_base_url=SecretStr(f"http://127.0.0.1:{port}/v1"))
        chat = LangchainChat([Model(name=NAME, streaming=streaming)], access)
        with served(say("langchain is loaded")) as here:
            here.ask()
        started = time.monotonic()
        with pytest.raises(ModelFailed, match="gave no answer within 1 s") as caught:
            chat.reply(asking(), timeout_s=1.0)
        assert 0.9 < time.monotonic() - started < 3.0
    assert caught.value.usage.input_tokens > 0


def test_a_package_that_is_missing_is_named() -> None:
    chat = LangchainChat([], Access())
    with pytest.raises(ModelFailed, match=r"cohere:command-x needs a package .* pip install langchain-cohere into"):
        chat.reply(asking(model="cohere:command-x"), timeout_s=30)


def test_a_provider_that_nobody_knows_is_named() -> None:
    with pytest.raises(ModelFailed, match="nosuch:model cannot be used"):
        LangchainChat([], Access()).reply(asking(model="nosuch:model"), timeout_s=30)
