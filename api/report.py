"""The report of a job: what `hasten optimize --json` writes and `hasten verify` reads.

The JSON schemas beside this file are made from these models (`python -m api.schema`); `docs/report.md` explains every
field.
"""

from typing import Literal

from pydantic import Field

from agent.domain import Origin, Outcome
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

SCHEMA_VERSION: Literal[1] = 1


class KeptPart(Part):
    """A diff that was kept, in the form it is delivered in."""

    candidate: int = Field(description="Its number within the job.")
    patch: str = Field(description="A unified diff against the snapshot, as `git apply` takes it.")
    summary: str = Field(description="One line: what was changed, where, and why it should be faster.")
    target: str | None = Field(default=None, description="`module:function` of what it changes.")
    speedup: SpeedupPart | None = Field(description="As confirmed on fresh pairs of processes.")
    workload: str = Field(description="What the speedup was measured on.")
    tests: TestsPart | None = Field(description="The repository's tests on the changed code.")
    equivalence: EquivalencePart | None = Field(description="The comparison of behaviour.")
    instructions: InstructionsPart | None = Field(default=None, description="Counted; null where they were not.")
    measured: MeasuredPart | None = Field(default=None, description="The confirmation, pair by pair.")
    caveats: tuple[str, ...] = Field(description="What the reader should know all the same, a sentence each.")
    reproduce: str = Field(description="A shell command that judges this diff again.")


class StackPart(Part):
    """One commit of `--branch`: a tree that was judged."""

    candidates: tuple[int, ...] = Field(description="The kept candidates that it adds to the one before.")
    patch: str = Field(description="The whole tree's, as a unified diff against the snapshot.")
    tests: TestsPart | None = Field(default=None, description="The repository's tests on this tree.")
    equivalence: EquivalencePart | None = Field(default=None, description="The comparison of behaviour on this tree.")


class CombinedPart(Part):
    """All that was kept in one diff, measured against the unchanged code."""

    patch: str = Field(description="A unified diff against the snapshot; empty where nothing is delivered.")
    speedup: SpeedupPart | None = Field(description="Of the whole; null where it was not confirmed.")
    workload: str = Field(description="What the speedup was measured on.")
    detail: str = Field(default="", description="What happened, in words.")
    candidates: tuple[int, ...] = Field(default=(), description="The kept candidates in it.")
    tests: TestsPart | None = Field(default=None, description="The repository's tests on all of it.")
    equivalence: EquivalencePart | None = Field(default=None, description="The comparison of behaviour on all of it.")
    stack: tuple[StackPart, ...] = Field(
        default=(), description="How it grows from the unchanged code; the last patch is this one."
    )
    measured: MeasuredPart | None = Field(default=None, description="The confirmation, pair by pair.")
    reproduce: str = Field(default="", description="A shell command that judges this diff again.")


class CandidatePart(Part):
    """A candidate and how it was judged."""

    candidate: int = Field(description="Its number within the job.")
    verdict: Outcome = Field(description="The verdict.")
    reason: str = Field(description="Why, in one sentence.")
    summary: str = Field(description="What it changed.")
    target: str | None = Field(default=None, description="`module:function` of what it changed.")
    origin: Origin = Field(description="Who proposed it.")
    parents: tuple[int, ...] = Field(default=(), description="The candidates it was made from.")
    round: int = Field(default=0, description="The round of the search it was proposed in; 0 outside of the search.")
    author: str = Field(default="", description="The model that wrote it; empty where none did.")


class Report(Part):
    """The report of a job."""

    schema_version: Literal[1] = Field(default=SCHEMA_VERSION, description="The version of this format.")
    hasten: str = Field(description="The version of Hasten.")
    digest: str = Field(default="", description="SHA-256 of all the rest: what was changed later does not match it.")
    job: str = Field(description="The job's id.")
    asked: AskedPart = Field(description="What was asked.")
    snapshot: SnapshotPart = Field(description="The code the job began with.")
    machine: dict[str, object] = Field(description="The host it was measured on.")
    recipe: tuple[str, ...] = Field(default=(), description="How the project was set up, a sentence each.")
    calibration: CalibrationPart | None = Field(
        default=None, description="The unchanged code against itself; null where it was not measured."
    )
    baseline: BaselinePart = Field(description="The unchanged code.")
    chosen: tuple[ChosenPart, ...] = Field(default=(), description="What was measured, target by target, and why.")
    kept: tuple[KeptPart, ...] = Field(description="The diffs that were kept, the best first.")
    combined: CombinedPart | None = Field(
        description="All that was kept in one; null where there is nothing to combine."
    )
    rejected: dict[Outcome, int] = Field(description="How many candidates ended with each verdict but KEPT.")
    candidates: tuple[CandidatePart, ...] = Field(description="Every candidate, by number.")
    ended: str = Field(description="Why the search ended.")
    spend: SpendPart = Field(description="What was spent.")
