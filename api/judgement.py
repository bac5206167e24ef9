"""The judgement of one patch: what `hasten judge --json` writes and `hasten verify` reads."""

from typing import Literal

from pydantic import Field

from agent.domain import Outcome
from api.report import SCHEMA_VERSION
from api.report_parts import (
    AskedPart,
    BaselinePart,
    CalibrationPart,
    ChosenPart,
    EquivalencePart,
    InstructionsPart,
    Part,
    SnapshotPart,
    SpeedupPart,
    SpendPart,
    TestsPart,
)
from api.report_samples import MeasuredPart


class CheckPart(Part):
    """One question that was asked of a patch."""

    name: str = Field(description="What was checked.")
    passed: bool = Field(description="Whether it held.")
    detail: str = Field(description="What was seen.")


class Judgement(Part):
    """The judgement of one patch."""

    schema_version: Literal[1] = Field(default=SCHEMA_VERSION, description="The version of this format.")
    hasten: str = Field(description="The version of Hasten.")
    digest: str = Field(default="", description="SHA-256 of all the rest: what was changed later does not match it.")
    job: str = Field(description="The job's id.")
    verdict: Outcome = Field(description="The verdict.")
    reason: str = Field(description="Why, in one sentence.")
    speedup: SpeedupPart | None = Field(description="As confirmed on fresh pairs of processes; null where it was not.")
    workload: str = Field(description="What the speedup was measured on; empty where nothing was measured.")
    tests: TestsPart | None = Field(
        description="The repository's tests on the changed code; null where they did not run."
    )
    equivalence: EquivalencePart | None = Field(description="The comparison of behaviour; null where there was none.")
    instructions: InstructionsPart | None = Field(default=None, description="Counted; null where they were not.")
    measured: MeasuredPart | None = Field(default=None, description="The confirmation, pair by pair.")
    caveats: tuple[str, ...] = Field(description="What the reader should know all the same, a sentence each.")
    checks: tuple[CheckPart, ...] = Field(description="Every question that was asked, in order.")
    asked: AskedPart = Field(description="What was asked.")
    snapshot: SnapshotPart = Field(description="The code the patch was judged against.")
    machine: dict[str, object] = Field(description="The host it was measured on.")
    calibration: CalibrationPart | None = Field(
        default=None, description="The unchanged code against itself; null where it was not measured."
    )
    baseline: BaselinePart = Field(description="The unchanged code.")
    chosen: tuple[ChosenPart, ...] = Field(default=(), description="What was measured, target by target, and why.")
    patch: str = Field(description="The patch that was judged.")
    reproduce: str = Field(description="A shell command that judges the patch again.")
    spend: SpendPart = Field(description="What was spent.")
