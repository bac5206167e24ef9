"""langchain's client of OpenAI's protocol, with what it leaves out: refusals in streams, calls as they were written."""

from collections.abc import Mapping
from typing import Any

import openai
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI

WRITTEN_CALLS = "written_calls"
"""Of a message's additional values: its tool calls as they came, in their order."""


class OpenAIClient(ChatOpenAI):
    """As `init_chat_model("openai:...")` makes it, but for the two."""

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        choices = chunk.get("choices") or [{}]
        said = (choices[0].get("delta") or {}).get("refusal")
        if made is not None and said and isinstance(made.message, AIMessageChunk):
            made.message.additional_kwargs["refusal"] = said
        return made

    def _create_chat_result(
        self, response: dict[str, Any] | openai.BaseModel, generation_info: dict[str, Any] | None = None
    ) -> ChatResult:
        """Calls are taken out before langchain reads them: it fails on arguments that are JSON but no object."""
        if isinstance(response, openai.BaseModel):
            response = response.model_dump(warnings=False)
        written = [_taken(choice) for choice in response.get("choices") or ()] if isinstance(response, Mapping) else []
        result = super()._create_chat_result(response, generation_info)
        for generation, calls in zip(result.generations, written, strict=False):
            if calls:
                generation.message.additional_kwargs[WRITTEN_CALLS] = calls
        return result


def _taken(choice: dict[str, Any]) -> list[dict[str, Any]]:
    message = choice.get("message")
    return (message.pop("tool_calls", None) or []) if isinstance(message, dict) else []
