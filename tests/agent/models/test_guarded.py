"""An address of a model that a stranger named: nothing around us is reached through it."""

import socket

import httpx
import pytest
from pydantic import SecretStr

from agent.domain import Model
from agent.models.access import Access
from agent.models.chat import LangchainChat
from agent.models.failure import ModelFailed
from agent.models.guarded import guarded_client
from agent.models.messages import Message, Request
from tools.errors import UserError

KEY = SecretStr("sk-of-the-tenant")


def test_nothing_private_is_connected_to() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, guarded_client(5.0) as client:
        listener.settimeout(0)
        for host in ("127.0.0.1", "localhost"):
            with pytest.raises(httpx.ConnectError, match="private"):
                client.get(f"http://{host}:{listener.getsockname()[1]}/v1")
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.parametrize(
    "address",
    ["http://llm.example/v1", "https://127.0.0.1/v1", "https://user:x@llm.example/v1", "https://llm.example:8443/v1"],
)
def test_an_address_in_an_odd_form_is_refused(address: str) -> None:
    with pytest.raises(UserError):
        Access(openai_key=KEY, openai_base_url=SecretStr(address), guarded=True)


def test_a_model_behind_such_an_address_fails_in_words() -> None:
    access = Access(openai_key=KEY, openai_base_url=SecretStr("https://localhost/v1"), guarded=True)
    model = Model(name="openai:own")
    chat = LangchainChat([model], access, sleep=lambda _: None)
    request = Request(model=model.name, messages=(Message(role="user", text="hello"),), max_output_tokens=10)
    with pytest.raises(ModelFailed) as caught:
        chat.reply(request, timeout_s=20.0)
    assert KEY.get_secret_value() not in str(caught.value)
