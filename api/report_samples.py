"""What was measured, pair by pair, as reports and `show --samples` have it."""

from pydantic import Field

from api.report_parts import Part


class SidePart(Part):
    """One side of a pair: a fresh process."""

    windows: dict[str, tuple[float, float | None]] = Field(
        description="For each timed batch: wall and processor time, in seconds; null where the host does not tell it."
    )
    first: dict[str, tuple[float, float | None]] = Field(
        default={}, description="The same of a batch's first call, where it was timed apart."
    )
    whole: tuple[float, float | None] = Field(description="The same from the process's start to its end.")
    peak_memory_bytes: int | None = Field(description="The most memory it used.")


class PairPart(Part):
    """Two fresh processes on the same inputs."""

    seed: int = Field(description="What the inputs and the hash seed were drawn from.")
    before_first: bool = Field(description="Whether the code before ran first.")
    before: SidePart = Field(description="The code before.")
    after: SidePart = Field(description="The code after.")


class MeasuredPart(Part):
    """A confirmation as it was measured."""

    workload: str = Field(description="What was measured.")
    clock: str = Field(description="`cpu` or `wall`: the clock that decided.")
    alpha: float | None = Field(description="The level that the confirmation was held to.")
    level: float | None = Field(description="Confidence level of the interval that is reported.")
    samples: tuple[PairPart, ...] = Field(description="Every pair, in the order they were taken.")
    left_out: int = Field(default=0, description="Pairs that are not here because the report would be too large.")


class StagePart(Part):
    """A screening or a confirmation of one candidate."""

    candidate: int = Field(description="Its number within the job.")
    stage: str = Field(description="`screen` or `confirm`.")
    decision: str = Field(description="How it ended: `faster`, `not faster`, `undecided` and the like.")
    detail: str = Field(description="Why, in words.")
    measured: MeasuredPart = Field(description="Its pairs.")


class SamplesPart(Part):
    """What `hasten show JOB --samples --json FILE` writes."""

    job: str = Field(description="The job's id.")
    stages: tuple[StagePart, ...] = Field(description="In the order of candidates and of what they faced.")
