"""The real chat before a scripted model that answers over a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydantic import SecretStr

from agent.domain import Model
from agent.models.access import Access
from agent.models.chat import LangchainChat
from agent.models.endpoint import Endpoint, serving
from agent.models.messages import Message, Reply, Request, ToolSchema
from agent.models.player import Player
from agent.models.script import Entry

NAME = "openai:local/small"
TOOL = ToolSchema(
    name="view",
    description="Shows a file.",
    parameters={"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]},
)
KEY = "sk-proj-abcdefghijklmnop"


def asking(text: str = "make it faster", *, model: str = NAME, **more: object) -> Request:
    """A request with a system's message, one of the user's and a tool."""
    messages = (Message(role="system", text="You are brief."), Message(role="user", text=text))
    return Request(model=model, messages=messages, tools=(TOOL,), **more)  # type: ignore[arg-type]


@dataclass
class Served:
    """A chat, the endpoint it asks, the pauses it made and what it told of them."""

    chat: LangchainChat
    endpoint: Endpoint
    pauses: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def problem(self) -> str:
        """How the script was not played as it stands; empty where it was."""
        return self.endpoint.player.problem()

    def ask(self, request: Request | None = None, *, timeout_s: float = 60.0) -> Reply:
        """One reply."""
        return self.chat.reply(request or asking(), timeout_s=timeout_s)


@contextmanager
def served(*entries: Entry, streaming: bool = False, key: str | None = None, name: str = NAME) -> Iterator[Served]:
    """The chat before a script; it notes its pauses and does not make them."""
    pauses: list[float] = []
    told: list[str] = []
    with serving(Player(entries, "the script")) as endpoint:
        access = Access(openai_base_url=SecretStr(endpoint.url), openai_key=SecretStr(key) if key else None)
        chat = LangchainChat([Model(name=name, streaming=streaming)], access, sleep=pauses.append, tell=told.append)
        yield Served(chat, endpoint, pauses, told)
