"""What a tool is: a name, words for the model, typed arguments, and what it does at a desk."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.desk import Desk
from agent.models.messages import ToolSchema
from tools.errors import ToolError


class Manner(StrEnum):
    """How a call stands beside the others of one reply."""

    LOOKS = "looks"
    """It reads or runs the code as it stands: all such calls between two edits may run at once."""
    ALONE = "alone"
    """As LOOKS, but it measures: nothing runs beside it."""
    CHANGES = "changes"
    """It changes the desk: it waits for the calls before it, and those after it wait for it."""


class Arguments(BaseModel):
    """What a tool is called with; every field has a description, for the model reads it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One tool."""

    name: str
    description: str
    """For the model: what it answers, its limits, and one worked example."""
    arguments: type[Arguments]
    run: Callable[[Desk, Any], str]
    """Its answer in words; raises ToolError, which says what to do next."""
    manner: Manner = Manner.LOOKS
    repeatable: bool = True
    """The same call on the same code gives the same answer; of others a killed session keeps the one it had."""

    @cached_property
    def schema(self) -> ToolSchema:
        """As the model sees it."""
        parameters = self.arguments.model_json_schema()
        parameters.pop("title", None)
        parameters.pop("description", None)
        for field in parameters.get("properties", {}).values():
            field.pop("title", None)
        return ToolSchema(name=self.name, description=self.description, parameters=parameters)

    def parse(self, text: str) -> Arguments:
        """The arguments of a call; raises ToolError that says what is wrong with them."""
        try:
            data = json.loads(text or "{}")
        except json.JSONDecodeError as error:
            raise ToolError(
                f"The arguments of {self.name} are not JSON ({error}). Call it again with one JSON object; "
                'inside texts write newlines as \\n and quotes as \\".'
            ) from error
        try:
            return self.arguments.model_validate(data)
        except ValidationError as error:
            faults = "; ".join(_fault(fault) for fault in error.errors()[:3])
            names = ", ".join(self.arguments.model_fields) or "none"
            raise ToolError(f"{self.name} was called wrongly: {faults}. Its arguments: {names}.") from error


def _fault(fault: Any) -> str:
    where = ".".join(str(part) for part in fault["loc"]) or "the arguments"
    return f"`{where}`: {fault['msg']}"


def named(tools: Sequence[Tool], name: str) -> Tool:
    """The tool of this name; raises ToolError with those there are."""
    found = next((tool for tool in tools if tool.name == name), None)
    if found is None:
        raise ToolError(f"There is no tool {name!r}. The tools: {', '.join(tool.name for tool in tools)}.")
    return found
