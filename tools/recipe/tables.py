"""What counts as worth having, and what is measured: written the same way wherever a job is asked for."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tools.recipe.written_paths import InnerPath

MOST_WORKLOAD_CHARACTERS = 200_000
MOST_COMMAND_CHARACTERS = 8_192


class GoalTable(BaseModel):
    """What counts as worth having."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"min_gain": 0.02}]})

    min_gain: Annotated[float, Field(ge=0, lt=1, strict=True)] = Field(
        default=0.02, description="Smallest gain kept, as a fraction of time: 0.02 means a speedup above 1.02."
    )
    hoped_gain: Annotated[float, Field(ge=0, lt=1, strict=True)] | None = Field(
        default=None,
        description="Giving up starts when gains this large are ruled out; `min_gain` and 0.03 where none is given.",
    )


class WorkloadTable(BaseModel):
    """What is made faster: one of a file of the repository, the text of such a file, and a command."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"command": "python bench.py --seed {seed}"}]}
    )

    path: InnerPath | None = Field(
        default=None, max_length=1_024, description="A workload file, relative to the project's folder."
    )
    text: str | None = Field(
        default=None, min_length=1, max_length=MOST_WORKLOAD_CHARACTERS, description="What a workload file says."
    )
    command: str | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_COMMAND_CHARACTERS,
        description="A command, run in the project's folder; `{seed}` stands where it takes one.",
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(one is not None for one in (self.path, self.text, self.command)) != 1:
            raise ValueError("give one of `path`, `text` and `command`")
        return self
