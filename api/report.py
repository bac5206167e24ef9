"""What `--json` writes and `verify` reads: the report of a job and the judgement of one patch.

The JSON schemas beside this file are made from these models (`python -m api.schema`); `docs/report.md` explains every
field. Numbers that are not finite become null.
"""

import math
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from agent.domain import Origin, Outcome

SCHEMA_VERSION: Literal[1] = 1


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


End = Annotated[float | None, BeforeValidator(_finite)]


class Part(BaseModel):
    """A part of a report; fields a newer version added are ignored when it is read."""

    model_config = ConfigDict(frozen=True, extra="ignore", json_schema_serialization_defaults_required=True)


class SpeedupPart(Part):
    """Time before / time after, with its interval; above 1 is faster."""

    point: float = Field(description="The best estimate.")
    low: End = Field(description="The interval's lower end; null where there is none.")
    high: End = Field(description="The interval's upper end; null where there is none.")
    level: float = Field(description="Confidence level of the interval, such as 0.95.")
    pairs: int = Field(description="Pairs of fresh processes measured.")


class TestsPart(Part):
    """How a run of the repository's tests fared."""

    __test__ = False

    passed: int = Field(description="Tests that passed.")
    failed: int = Field(description="Tests that failed.")
    flaky: int = Field(description="Tests set aside because they do not give the same outcome every time.")
    scope: str = Field(description="`full`, `impacted` (those that reach the change) or `sample`.")


class EquivalencePart(Part):
    """On how many inputs both sides did the same."""

    cases: int = Field(description="Inputs compared.")
    fresh: int = Field(description="Of these, drawn from seeds no candidate ever saw.")


class InstructionsPart(Part):
    """Instructions that both sides execute for the same inputs; an explanation of the speedup, not a proof."""

    tool: str = Field(description="What counted: `callgrind` or `perf`.")
    before: int = Field(description="Instructions of the code before.")
    after: int = Field(description="Instructions of the code after.")
    change: float = Field(description="The change as a fraction: -0.12 is 12 % fewer.")


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


class SnapshotPart(Part):
    """The code that was judged."""

    source: str = Field(description="A path or an https URL.")
    commit: str = Field(
        description="40 hexadecimal digits; for a folder without git `tree:` and the hash of its files."
    )
    subdirectory: str = Field(default="", description="Where the project stands inside the repository.")
    uncommitted: tuple[str, ...] = Field(
        default=(), description="Paths changed or untracked in the checkout, which were left out."
    )
    files: dict[str, str | None] = Field(
        default={}, description="SHA-256 of every file that a patch here touches, before it; null for no file."
    )


class AskedPart(Part):
    """What was asked of the job."""

    ref: str | None = Field(default=None, description="The branch, tag or commit asked for.")
    subdirectory: str = Field(default="", description="The subdirectory asked for.")
    min_gain: float = Field(default=0.02, description="Smallest gain kept, as a fraction of time.")
    target: str | None = Field(default=None, description="`module:function`, where one was named.")
    since: str | None = Field(default=None, description="A ref: only what changed since it was to be made faster.")
    bench: str | None = Field(default=None, description="A command, where one was named.")
    workload: str | None = Field(default=None, description="A workload file, where one was named.")
    seed: int = Field(default=0, description="What every random choice of the job follows from.")
    sandbox: str = Field(default="bubblewrap", description="The sandbox it ran in.")
    budget_s: float = Field(default=900.0, description="The most time the job could take, in seconds.")
    max_candidates: int = Field(default=60, description="The most candidates the job could judge.")


class WorkloadPart(Part):
    """Something that was made faster."""

    name: str = Field(description="What the report calls it elsewhere.")
    kind: str = Field(description="Where it comes from.")
    fresh: bool = Field(description="Whether it makes new inputs from a seed; otherwise its inputs are fixed.")
    detail: str = Field(description="What one run of it does.")
    text: str | None = Field(default=None, description="Of a workload file that was named: its text.")


class TargetPart(Part):
    """Code where the time goes."""

    name: str = Field(description="`module:function`.")
    own_share: float = Field(description="Share of the profile's time spent in it, from 0 to 1.")
    cumulative_share: float = Field(description="The same with everything it calls.")
    covered_by: int = Field(default=0, description="Tests that run it.")
    findings: int = Field(default=0, description="Places in it that a rule could change.")


class LeftOutPart(Part):
    """Functions that take time and are no targets, for one reason."""

    why: str = Field(description="The reason, in a few words.")
    functions: int = Field(description="How many.")
    own_share: float = Field(description="Their share of the profile's time, from 0 to 1.")
    examples: tuple[str, ...] = Field(description="Some of their files or names, the hottest first.")


class AbsentTestsPart(Part):
    """Tests that play no part, for one reason."""

    why: str = Field(description="The reason: `failing for want of the network`, `not run for want of time`.")
    count: int = Field(description="How many they are.")
    names: tuple[str, ...] = Field(description="The first of them.")


class BaselineTestsPart(TestsPart):
    """The tests on the unchanged code."""

    set_aside: tuple[str, ...] = Field(
        default=(), description="Tests that fail, are flaky, hang or end the process there, by name."
    )
    collected: int = Field(default=0, description="Tests that the suite has.")
    ran_once: int = Field(default=0, description="Tests that ran once only, for want of time.")
    absent: tuple[AbsentTestsPart, ...] = Field(default=(), description="Tests that play no part, by reason.")


class BaselinePart(Part):
    """The unchanged code."""

    tests: BaselineTestsPart = Field(description="The tests on the unchanged code.")
    workloads: tuple[WorkloadPart, ...] = Field(description="What was measured.")
    targets: tuple[TargetPart, ...] = Field(default=(), description="Where the time goes, in the order it is taken.")
    left_out: tuple[LeftOutPart, ...] = Field(default=(), description="What is no target, reason by reason.")


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


class CombinedPart(Part):
    """All that was kept in one diff, measured against the unchanged code."""

    patch: str = Field(description="A unified diff against the snapshot; empty where nothing is delivered.")
    speedup: SpeedupPart | None = Field(description="Of the whole; null where it was not confirmed.")
    workload: str = Field(description="What the speedup was measured on.")
    detail: str = Field(default="", description="What happened, in words.")
    candidates: tuple[int, ...] = Field(default=(), description="The kept candidates in it.")
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


class SpendPart(Part):
    """What was spent."""

    wall_s: float = Field(description="Time, in seconds.")
    candidates: int = Field(default=0, description="Candidates judged.")
    model_calls: int = Field(description="Calls of a language model.")
    tokens: int = Field(description="Tokens of a language model, both ways.")
    usd: float = Field(description="Dollars.")


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
    baseline: BaselinePart = Field(description="The unchanged code.")
    kept: tuple[KeptPart, ...] = Field(description="The diffs that were kept, the best first.")
    combined: CombinedPart | None = Field(
        description="All that was kept in one; null where there is nothing to combine."
    )
    rejected: dict[Outcome, int] = Field(description="How many candidates ended with each verdict but KEPT.")
    candidates: tuple[CandidatePart, ...] = Field(description="Every candidate, by number.")
    ended: str = Field(description="Why the search ended.")
    spend: SpendPart = Field(description="What was spent.")


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
    baseline: BaselinePart = Field(description="The unchanged code.")
    patch: str = Field(description="The patch that was judged.")
    reproduce: str = Field(description="A shell command that judges the patch again.")
    spend: SpendPart = Field(description="What was spent.")
