"""The nouns of a job. Every one is a frozen, keyword-only value; nothing here does anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tools.measure.estimate import Estimate


class Outcome(StrEnum):
    """Every way a candidate's judgement can end."""

    KEPT = "KEPT"
    OFF_LIMITS = "OFF_LIMITS"
    DUPLICATE = "DUPLICATE"
    DOES_NOT_APPLY = "DOES_NOT_APPLY"
    BUILD_FAILED = "BUILD_FAILED"
    TESTS_FAILED = "TESTS_FAILED"
    NOT_EQUIVALENT = "NOT_EQUIVALENT"
    CHEATED = "CHEATED"
    NOT_FASTER = "NOT_FASTER"
    REGRESSED = "REGRESSED"
    INCONCLUSIVE = "INCONCLUSIVE"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The judgement of one candidate and its reason."""

    outcome: Outcome
    reason: str
    """One sentence a maintainer understands without the log."""
    speedup: Estimate | None = None
    """Time before / time after; the confirmation's alone is ever reported as a gain."""
    caveats: tuple[str, ...] = ()
    """What the reader should know all the same, a sentence each ("only fixed inputs were available")."""

    @property
    def kept(self) -> bool:
        """Whether the candidate's diff is kept."""
        return self.outcome is Outcome.KEPT


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What counts as worth having."""

    min_gain: float = 0.02
    """Smallest gain kept, as a fraction of time: 0.02 means a speedup above 1.02."""
    hoped_gain: float | None = None
    """Giving up starts when gains this large are ruled out; None means `min_gain` + 0.03."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The most a job may spend."""

    wall_s: float = 900.0
    candidates: int = 60
    model_calls: int = 0
    tokens: int = 0
    usd: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Spend:
    """What a job has spent."""

    wall_s: float = 0.0
    candidates: int = 0
    model_calls: int = 0
    tokens: int = 0
    usd: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Job:
    """What was asked."""

    id: str
    source: str
    """A path or an https URL, without credentials."""
    ref: str | None = None
    subdirectory: str = ""
    goal: Goal = field(default_factory=Goal)
    budget: Budget = field(default_factory=Budget)
    strategy: str = "rewrite"
    seed: int = 0
    target: str | None = None
    """`module:function`, where the user named the code to change."""
    bench: str | None = None
    """A command, where the user named one; `{seed}` where it takes one."""
    workload: str | None = None
    """A workload file's path, where the user named one."""
    since: str | None = None
    """A branch, tag or commit: only functions changed since the merge base with it are targets."""
    fresh: bool = False
    """Nothing known of this commit from an earlier job is used again."""
    sandbox: str = "bubblewrap"
    created: datetime
    """In UTC."""


class Origin(StrEnum):
    """Who proposed a candidate."""

    BASELINE = "baseline"
    REWRITE = "rewrite"
    PERSON = "person"
    FINISH = "finish"
    """Made from kept candidates: minimised or combined."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A patch, always against the snapshot; candidate 0 is the empty one: the unchanged code."""

    number: int
    """Counted within its job."""
    patch: str
    """A unified diff with `a/` and `b/` prefixes, paths relative to the repository's root; empty for candidate 0."""
    parents: tuple[int, ...] = ()
    origin: Origin
    summary: str
    """One line: what was changed, where, and why it should be faster."""
    target: str | None = None
    """`module:function` of what it changes, where it changes one."""


UNCHANGED = Candidate(number=0, patch="", origin=Origin.BASELINE, summary="the unchanged code")
"""Candidate 0: no search can end worse than it began."""


@dataclass(frozen=True, kw_only=True)
class Directive:
    """What to try next."""

    parent: Candidate
    proposer: str
    target: str
    """`module:function` to change."""
    instruction: str = ""
    samples: int = 8
    """At most this many candidates."""
    round: int = 0


class StepKind(StrEnum):
    """The kinds of things that happen in a job."""

    JOB = "job"
    SNAPSHOT = "snapshot"
    RECIPE = "recipe"
    ENVIRONMENT = "environment"
    BASELINE = "baseline"
    PROFILE = "profile"
    WORKLOAD = "workload"
    CALIBRATION = "calibration"
    DIRECTIVE = "directive"
    CANDIDATE = "candidate"
    EVIDENCE = "evidence"
    VERDICT = "verdict"
    FINISH = "finish"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happened, numbered within its job."""

    number: int
    kind: StepKind
    title: str
    """One line for a person."""
    data: Mapping[str, object] = field(default_factory=dict)
    """Plain JSON; large things are blobs named by digest."""
    candidate: int | None = None
    round: int = 0
    attempt: int = 0
    at: datetime
    """In UTC."""
