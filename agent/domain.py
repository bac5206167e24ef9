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
    model_calls: int = 400
    tokens: int = 4_000_000
    """Of all models, read and written ones together."""
    usd: float = 5.0
    """Of models whose price is known."""


@dataclass(frozen=True, kw_only=True)
class Spend:
    """What a job, or a part of it, has spent."""

    wall_s: float = 0.0
    candidates: int = 0
    model_calls: int = 0
    tokens: int = 0
    usd: float = 0.0
    unpriced_tokens: int = 0
    """Of models whose price is not known: `usd` does not hold them."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """A language model that may be asked, and what that costs."""

    name: str
    """`provider:NAME`, as langchain names it, such as `openai:gpt-5-mini`."""
    weight: float = 1.0
    """How often it is asked beside the job's other models, before anything is known of what it gives."""
    input_usd_per_mtok: float | None = None
    """Dollars per million tokens read; None where nobody said."""
    output_usd_per_mtok: float | None = None
    cached_usd_per_mtok: float | None = None
    """Of tokens read from the provider's prefix cache; None means as any other."""
    context_tokens: int = 128_000
    """What one request and its reply may hold together."""
    max_output_tokens: int = 8_192
    """The most one reply may hold."""
    streaming: bool = False
    """Replies are taken as a stream, for servers that answer no other way."""


WORKLOAD_TEXT = "workload.py"
"""What a workload file is called that came with a job as text."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What was asked."""

    id: str
    source: str
    """A path or an https URL, without credentials."""
    ref: str | None = None
    subdirectory: str = ""
    goal: Goal | None = None
    """None for what the repository's `hasten.toml` says, else the usual."""
    budget: Budget = field(default_factory=Budget)
    strategy: str = "portfolio"
    selector: str = "fastest"
    """Which kept candidates come first where they change the same lines: `fastest` or `distinguish`."""
    models: tuple[Model, ...] = ()
    """Empty for a job without a model."""
    seed: int = 0
    target: str | None = None
    """`module:function`, where the user named the code to change."""
    bench: str | None = None
    """A command, where the user named one; `{seed}` where it takes one."""
    workload: str | None = None
    """A workload file's path on this host, where the user named one; a job of the service has none."""
    workload_text: str | None = None
    """What a workload file says, where it was sent with the job."""
    workload_path: str | None = None
    """A workload file of the repository, by its path inside the project's folder."""
    recipe: Mapping[str, object] | None = None
    """Keys of `hasten.toml`, laid over what the repository itself says."""
    since: str | None = None
    """A branch, tag or commit: only functions changed since the merge base with it are targets."""
    fresh: bool = False
    """Nothing known of this commit from an earlier job is used again."""
    sandbox: str = "bubblewrap"
    created: datetime
    """In UTC."""

    @property
    def workload_file(self) -> str | None:
        """What the job's own workload file is called; None where it has none."""
        return self.workload or self.workload_path or (None if self.workload_text is None else WORKLOAD_TEXT)


class Origin(StrEnum):
    """Who proposed a candidate."""

    BASELINE = "baseline"
    REWRITE = "rewrite"
    MODEL = "model"
    CROSSOVER = "crossover"
    """Hunks of two candidates, put together without a model."""
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
    round: int = 0
    """The round of the search that it was proposed in; 0 outside of the search."""
    author: str = ""
    """The model that wrote it; empty where none did."""


UNCHANGED = Candidate(number=0, patch="", origin=Origin.BASELINE, summary="the unchanged code")
"""Candidate 0: no search can end worse than it began."""


@dataclass(frozen=True, kw_only=True)
class Directive:
    """What to try next, in one round of the search."""

    round: int
    """1, 2, ... within its job."""
    parent: Candidate
    """What the round's candidates are judged against."""
    start: Candidate | None = None
    """Whose code the proposer begins from, where that is not the parent's: a broken attempt that is to be repaired."""
    partner: Candidate | None = None
    """The second parent of a crossover."""
    proposer: str
    """`rewrite`, `session` or `crossover`."""
    target: str
    """`module:function` to change."""
    method: str
    """Which policy, or which arm of one, asked for it."""
    phase: str = ""
    """Which step of its method, such as `repair`; empty where a method has only one."""
    idea: str = ""
    """The direction to take, in words, where the method follows one."""
    model: str | None = None
    """The model to ask, by name."""
    temperature: float | None = None
    """None leaves it to the model's own default."""
    instruction: str = ""
    """What the policy tells the proposer, in words."""
    show: tuple[int, ...] = ()
    """Earlier candidates whose diffs and verdicts are shown, in this order."""
    views: tuple[str, ...] = ()
    """What else is measured and shown, by the names of `agent/prompts/views.py`."""
    samples: int = 1
    """At most this many candidates."""
    every: bool = False
    """Every sample is judged; otherwise the first one kept ends the round."""

    @property
    def begins(self) -> Candidate:
        """Whose code the proposer begins from."""
        return self.start or self.parent


@dataclass(frozen=True, kw_only=True)
class Round:
    """A directive, and how far it came."""

    directive: Directive
    ended: bool = False
    spend: Spend = field(default_factory=Spend)
    """Of this round alone; known when it has ended."""
    note: str = ""
    """What a person or a later round should know of it, such as why a model proposed nothing."""


class ReviewKind(StrEnum):
    """What a person may say."""

    APPROVE = "approve"
    REJECT = "reject"
    HINT = "hint"


@dataclass(frozen=True, kw_only=True)
class Review:
    """What a person said of a job, a candidate or a line."""

    number: int = 0
    """Counted across jobs; 0 until it is remembered."""
    kind: ReviewKind
    text: str = ""
    candidate: int | None = None
    path: str | None = None
    line: int | None = None
    author: str
    at: datetime
    """In UTC."""


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
    PROMPT = "prompt"
    """How a session begins."""
    REPLY = "reply"
    """What a model answered, and what it cost."""
    CALL = "call"
    """A tool that a model called."""
    RESULT = "result"
    """What the tool answered."""
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
