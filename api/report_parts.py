"""The parts that reports are made of: plain values with a sentence on each, of which the schemas are made.

Numbers that are not finite become null.
"""

import math
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


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


class CalibrationPart(Part):
    """The unchanged code measured against itself: this host's noise."""

    noise: float = Field(description="Median absolute log ratio of the pairs: half of them differ by less.")
    clock: str = Field(description="`cpu` or `wall`: the clock it was measured by.")
    pairs: int = Field(description="Pairs of fresh processes measured.")
    accepted: bool = Field(description="Whether a gain was seen where there is none; nothing is judged then.")


class SnapshotPart(Part):
    """The code that was judged."""

    source: str = Field(description="A path or an https URL.")
    commit: str = Field(
        description="40 hexadecimal digits (64 of SHA-256); without git `tree:` and the hash of the files."
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
    recipe: dict[str, Any] | None = Field(default=None, description="Keys of hasten.toml that came with the job.")
    seed: int = Field(default=0, description="What every random choice of the job follows from.")
    sandbox: str = Field(default="bubblewrap", description="The sandbox it ran in.")
    budget_s: float = Field(default=900.0, description="The most time the job could take, in seconds.")
    max_candidates: int = Field(default=60, description="The most candidates the job could judge.")
    strategy: str = Field(default="rewrite", description="The search strategy, with its options.")
    models: tuple[str, ...] = Field(default=(), description="The models that could be asked, by name.")
    max_usd: float = Field(default=5.0, description="The most dollars that models with a known price could cost.")
    max_tokens: int = Field(default=4_000_000, description="The most tokens models could read and write together.")
    max_model_calls: int = Field(default=400, description="The most calls of models.")


class WorkloadPart(Part):
    """Something that was made faster."""

    name: str = Field(description="What the report calls it elsewhere.")
    kind: str = Field(description="Where it comes from.")
    fresh: bool = Field(description="Whether it makes new inputs from a seed; otherwise its inputs are fixed.")
    detail: str = Field(description="What one run of it does.")
    text: str | None = Field(default=None, description="Of a workload file, named or written by a model: its text.")


class ChosenPart(Part):
    """What a target's gain was measured on."""

    target: str = Field(description="`module:function`, or `the patch`.")
    workload: str = Field(description="Its name.")
    why: str = Field(description="Why this one.")


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
    reused: tuple[str, ...] = Field(default=(), description="What an earlier job of the same commit had found already.")
    left_out: tuple[LeftOutPart, ...] = Field(default=(), description="What is no target, reason by reason.")


class SpendPart(Part):
    """What was spent."""

    wall_s: float = Field(description="Time, in seconds.")
    candidates: int = Field(default=0, description="Candidates judged.")
    model_calls: int = Field(description="Calls of a language model.")
    tokens: int = Field(description="Tokens of a language model, both ways.")
    usd: float = Field(description="Dollars, of models whose price is known.")
    unpriced_tokens: int = Field(default=0, description="Tokens of models whose price is not known.")
