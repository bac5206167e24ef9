"""Keys and addresses: what a server without keys is sent, and that nothing of a key is ever shown."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pydantic import SecretStr
from served import KEY, NAME, asking, served

from agent.domain import Budget, Model
from agent.ledger import Ledger
from agent.models.access import Access
from agent.models.chat import LangchainChat
from agent.models.failure import ModelFailed
from agent.models.gateway import Gateway
from agent.models.script import fault, say
from storage.memory import MemoryJournal
from tools.errors import UserError


@contextmanager
def echoing(status: int) -> Iterator[tuple[str, list[str]]]:
    """An endpoint whose error repeats the key that it was sent, and its own address."""
    keys: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            keys.append(self.headers["authorization"])
            text = f'{{"error": {{"message": "wrong: {keys[-1]} for {self.path} and sk-live-12345678"}}}}'
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *arguments: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", keys
        server.shutdown()


def test_a_server_without_keys_is_asked_without_one() -> None:
    with echoing(401) as (host, keys):
        chat = LangchainChat([], Access(openai_base_url=SecretStr(f"http://{host}/v1")))
        with pytest.raises(ModelFailed):
            chat.reply(asking(), timeout_s=30)
    assert keys == ["Bearer no-key"]


@pytest.mark.parametrize("status", [401, 418, 503])
def test_nothing_of_a_key_is_shown(status: int) -> None:
    with echoing(status) as (host, keys):
        address = f"http://user:hunter22@{host}/token-abcdefghijklmnop/v1"
        other = SecretStr("another-providers-key")
        access = Access(openai_base_url=SecretStr(address), openai_key=SecretStr(KEY), others=(other,))
        chat = LangchainChat([], access, sleep=lambda _: None)
        with pytest.raises(ModelFailed) as caught:
            chat.reply(asking(), timeout_s=30)
    assert any(KEY in key or "Basic" in key for key in keys)
    shown = (
        f"{caught.value} {caught.value!r} {caught.value.detail} {access!r} {vars(chat)!r} {caught.value.__cause__!r}"
    )
    for secret in (KEY, KEY[3:], "hunter22", "token-abcdefghijklmnop", "sk-live", "another-providers-key"):
        assert secret not in shown
    assert host in shown


def test_nothing_of_a_key_is_in_the_journal() -> None:
    journal = MemoryJournal()
    model = Model(name=NAME)
    refused = fault(401, {"error": {"message": f"Incorrect API key provided: {KEY}"}})
    with served(say("hello"), refused, key=KEY) as here:
        gateway = Gateway(here.chat, [model], journal, Ledger(Budget()), round=1)
        gateway.ask(asking(), title="first")
        with pytest.raises(ModelFailed):
            gateway.ask(asking("another"), title="second")
    assert journal.steps()
    assert KEY not in repr(journal.steps())


def test_without_a_key_and_an_address_it_says_what_to_set() -> None:
    with pytest.raises(ModelFailed, match=r"openai:gpt-5-mini cannot be used \(.*\); set OPENAI_API_KEY"):
        LangchainChat([], Access()).reply(asking(model="openai:gpt-5-mini"), timeout_s=30)


@pytest.mark.parametrize(
    "address", ["localhost:8000/v1", "http:///v1", "ftp://host/v1", "http://[::1", "http://host:x/"]
)
def test_an_address_that_is_none_is_refused_without_being_shown(address: str) -> None:
    with pytest.raises(UserError) as caught:
        Access(openai_base_url=SecretStr(address))
    assert address not in str(caught.value)
    assert "http://HOST:PORT/v1" in str(caught.value)
