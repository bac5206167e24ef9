"""Makes langchain's clients: one for each way a model is asked, kept while it is used."""

import re
from collections import OrderedDict
from threading import Lock
from typing import Any

import openai
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk

from agent.models.access import Access
from agent.models.clientfaults import NotMade
from agent.models.convert import sent_messages, sent_tools
from agent.models.guarded import guarded_client
from agent.models.messages import Request
from agent.models.openai_client import OpenAIClient

NO_KEY = "no-key"
"""What servers are told that ask for no key: the client insists on one."""
MOST_KEPT = 16
LONGEST_S = 600.0
CONNECT_S = 20.0
OPENAI = "openai"

_NEW_LIMIT = re.compile(r"^(openai/)?(gpt-|chatgpt|o\d)")
"""Models whose endpoints refuse `max_tokens`; servers of one's own often know no other name for the limit."""

Key = tuple[str, int, float | None, bool]


class Clients:
    """Asks models through langchain; without its cache, its retries or its defaults."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._kept: OrderedDict[Key, BaseChatModel] = OrderedDict()
        self._lock = Lock()

    def ask(self, request: Request, *, temperature: float | None, streaming: bool, limit_s: float) -> AIMessage:
        """One try: whatever the client raises is raised; a chunk of a whole stream where it streams."""
        client = self._client((request.model, request.max_output_tokens, temperature, streaming))
        options: dict[str, Any] = {}
        if request.model.startswith(f"{OPENAI}:"):
            options["timeout"] = openai.Timeout(limit_s, connect=min(limit_s, CONNECT_S))
        if request.model.startswith("anthropic:"):  # the others keep what they have seen without being asked
            options["cache_control"] = {"type": "ephemeral"}
        bound: Any = client.bind_tools(sent_tools(request)) if request.tools else client
        if not streaming:
            said = bound.invoke(sent_messages(request), **options)
            assert isinstance(said, AIMessage)
            return said
        chunks = [
            chunk for chunk in bound.stream(sent_messages(request), **options) if isinstance(chunk, AIMessageChunk)
        ]
        if not chunks:
            raise ValueError("the stream ended before it said anything")
        return chunks[0] + chunks[1:] if len(chunks) > 1 else chunks[0]

    def _client(self, key: Key) -> BaseChatModel:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._made(key)
                if len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def _made(self, key: Key) -> BaseChatModel:
        try:
            return self._make(*key)
        except ImportError:
            raise
        except Exception as error:
            raise NotMade(str(error).partition(" [type=")[0].partition("\n\n")[0]) from error

    def _make(self, name: str, room: int, temperature: float | None, streaming: bool) -> BaseChatModel:
        options: dict[str, Any] = {"timeout": LONGEST_S, "max_retries": 0, "cache": False, "max_tokens": room}
        if temperature is not None:
            options["temperature"] = temperature
        if streaming:
            options["stream_usage"] = True
        provider, _, model = name.partition(":")
        if provider == OPENAI:
            return OpenAIClient(**options | self._openai(model, room), model=model)
        if provider in self._access.keys:
            options["api_key"] = self._access.keys[provider]
        if provider == "ollama":
            options |= {"num_predict": room, "client_kwargs": {"timeout": LONGEST_S}}
        made: BaseChatModel = init_chat_model(name, **options)
        return made

    def _openai(self, model: str, room: int) -> dict[str, Any]:
        access, options = self._access, dict[str, Any]()
        if access.openai_key is not None:
            options["api_key"] = access.openai_key
        if access.openai_base_url is None:
            options["store"] = False  # somebody's code is in it
        else:
            options["base_url"] = access.openai_base_url.get_secret_value()
            if access.guarded:
                options["http_client"] = guarded_client(LONGEST_S)
            options["use_responses_api"] = False
            options.setdefault("api_key", NO_KEY)
            if not _NEW_LIMIT.match(model):
                options |= {"max_tokens": None, "extra_body": {"max_tokens": room}}
        return options
