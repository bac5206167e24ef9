"""A script as an endpoint: what any client of OpenAI's protocol sees, beside ours."""

import json
import socket
import time
import urllib.error
import urllib.request
from typing import Any

import openai
import pytest

from agent.models.endpoint import Endpoint, serving
from agent.models.player import Player
from agent.models.script import call, drop, fault, say
from tools.errors import UserError

MESSAGES: list[Any] = [{"role": "user", "content": [{"type": "text", "text": "in parts"}]}]


def post(url: str, body: bytes) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, {"content-type": "application/json"})) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_openais_own_client_reads_it() -> None:
    script = (say("whole", usage=(5, 4)).when(last="in parts"), say("streamed", call("view", path="a"), usage=(3, 2)))
    with serving(Player(script, "the script")) as endpoint:
        client = openai.OpenAI(base_url=endpoint.url, api_key="none", max_retries=0)
        assert [model.id for model in client.models.list()] == ["replay"]
        whole = client.chat.completions.create(model="m", messages=MESSAGES)
        assert (whole.choices[0].message.content, whole.choices[0].finish_reason) == ("whole", "stop")
        assert whole.usage
        assert whole.usage.total_tokens == 9
        stream = client.chat.completions.create(
            model="m", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
        )
        chunks = list(stream)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == "streamed"
    assert chunks[-2].choices[0].finish_reason == "tool_calls"
    assert chunks[-1].usage
    assert chunks[-1].usage.prompt_tokens == 3


def test_a_caller_hears_what_was_wrong() -> None:
    told: list[str] = []
    with serving(Player([say().when(last="never")], "the script"), tell=told.append) as endpoint:
        body = json.dumps({"model": "m", "messages": MESSAGES}).encode()
        status, differs = post(f"{endpoint.url}/chat/completions", body)
        assert (status, differs["error"]["code"]) == (409, "script_differs")
        assert told == [differs["error"]["message"]]
        assert 'expected "never" in the last message' in told[0]
        assert post(f"{endpoint.url}/chat/completions", b"{")[0] == 400
        assert post(f"{endpoint.url}/chat/completions", b'{"model": "m"}')[0] == 400
        assert post(f"{endpoint.url}/completions", b"{}")[0] == 404
        assert "entry 1" in endpoint.player.problem()


def test_faults_headers_and_delays() -> None:
    script = (fault(429, "slow", retry_after="7"), drop(), say("late").late(0.2))
    with serving(Player(script, "the script")) as endpoint:
        client = openai.OpenAI(base_url=endpoint.url, api_key="none", max_retries=0)
        with pytest.raises(openai.RateLimitError) as limited:
            client.chat.completions.create(model="m", messages=MESSAGES)
        assert limited.value.response.headers["retry-after"] == "7"
        with pytest.raises(openai.APIConnectionError):
            client.chat.completions.create(model="m", messages=MESSAGES)
        started = time.monotonic()
        client.chat.completions.create(model="m", messages=MESSAGES)
        assert time.monotonic() - started >= 0.2


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"port {port} cannot be used"):
            Endpoint(Player([], "the script"), port=port)
