"""What one probe saw of one candidate. Append-only facts; what they mean is for `agent/judge.py` to say.

Each kind is a small frozen dataclass of plain values, so that the journal can keep it as JSON and read it back.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, get_args

from tools.measure.estimate import Estimate


@dataclass(frozen=True, kw_only=True)
class Touches:
    """Which off-limits paths the patch touches, each with the rule that protects it."""

    probe: ClassVar[str] = "off limits"
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """Whether the same code was judged before in this job, or differs from its parent at all."""

    probe: ClassVar[str] = "seen before"
    same_as: int | None = None
    """Number of the candidate whose code is the same but for names of locals, comments and layout."""


@dataclass(frozen=True, kw_only=True)
class Application:
    """Whether the patch fits the snapshot."""

    probe: ClassVar[str] = "applies"
    problem: str | None = None


@dataclass(frozen=True, kw_only=True)
class Build:
    """Whether the changed files compile, build and import."""

    probe: ClassVar[str] = "builds"
    problem: str | None = None


@dataclass(frozen=True, kw_only=True)
class Hint:
    """A construct in the patch that honest speed-ups do not need."""

    rule: str
    path: str
    line: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What a static look at the added lines found."""

    probe: ClassVar[str] = "honest"
    found: tuple[Hint, ...] = ()
    caches: bool = False
    """The patch adds state that outlives a call."""


@dataclass(frozen=True, kw_only=True)
class Tested:
    """How the repository's tests fared, compared with the baseline's stable ones."""

    __test__: ClassVar[bool] = False
    probe: ClassVar[str] = "tests"
    passed: int
    failed: int
    flaky: int
    scope: str
    """`full`, `impacted` or `sample`."""
    hash_seeds: tuple[int, ...]
    problems: tuple[str, ...] = ()
    cheat: str | None = None
    """What the run's process did that no honest one does."""


@dataclass(frozen=True, kw_only=True)
class Glanced:
    """Whether both sides did the same on a few inputs: what is wrong at once need not be timed."""

    probe: ClassVar[str] = "same at a glance"
    cases: int
    difference: str | None = None
    """The smallest difference found: for which input, before, now."""
    cheat: str | None = None
    """What the candidate's process did that no honest one does."""
    unreached: bool = False
    """Nothing shows yet that what is timed runs a changed line: that it is no faster would say little."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Whether both sides did the same on the same inputs."""

    probe: ClassVar[str] = "same behaviour"
    cases: int
    fresh: int
    """Cases drawn from seeds no candidate ever saw; the others repeat recorded inputs."""
    difference: str | None = None
    """The smallest difference found: for which input, before, now."""
    cheat: str | None = None
    """What the candidate's process did that no honest one does."""
    not_reached: tuple[str, ...] = ()
    """Changed functions of which no changed line ran on any input."""
    never_timed: bool = False
    """None of the changed lines ran in the workloads that the gain is measured on."""
    unproven: str | None = None
    """Why nothing proves that the command which is timed runs what changed."""
    deviation: float = 0.0
    """The largest relative difference of floats that the project's tolerance let pass."""
    tests_only: str | None = None
    """Why only the tests can be measured: nothing that reaches the change compares behaviour on other inputs."""
    outputs: tuple[str, ...] = ()
    """What the candidate did on the inputs that every candidate of the job meets: `workload digest`, each a digest of
    24 bits of every float's mantissa. It tells candidates apart; it never shows that they are the same."""
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Guard:
    """One thing that must not get worse while the rest gets faster."""

    name: str
    passed: bool
    detail: str
    ratio: float | None = None
    """Of the candidate's peak to the reference's, where the guard is on memory; below 1 is less."""


@dataclass(frozen=True, kw_only=True)
class Timed:
    """Pairs of fresh processes, reference against candidate, and what follows from them."""

    probe: ClassVar[str] = "faster"
    stage: str
    """`screen` or `confirm`."""
    decision: str
    """`faster`, `not faster`, `undecided`, `different`, `broken` or `cheated`."""
    detail: str
    speedup: Estimate | None
    clock: str
    """`cpu` or `wall`."""
    workload: str
    fresh: bool
    guards: tuple[Guard, ...] = ()
    alpha: float | None = None
    """The level this confirmation was held to; None for a screening."""
    keeps_results: bool = False
    """The candidate is quicker on inputs it met before where the reference is not: no input was given twice."""
    samples: str | None = None
    """Digest of the blob with every raw pair."""
    deviation: float = 0.0
    """As `Compared.deviation`, of what was timed."""
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Instructions that both sides execute for the same few inputs at one hash seed."""

    probe: ClassVar[str] = "instructions"
    tool: str
    """`callgrind` or `perf`; empty where nothing was counted."""
    workload: str
    before: int | None = None
    after: int | None = None
    undecided: bool = False
    """The screening before it could not tell the sides apart."""
    absent: str | None = None
    """Why nothing was counted."""

    @property
    def change(self) -> float | None:
        """Of the candidate's count against the reference's, as a fraction; below 0 is fewer."""
        return None if not self.before or self.after is None else self.after / self.before - 1


Evidence = Touches | Sighting | Application | Build | Hints | Tested | Glanced | Compared | Timed | Counted

_NESTED: dict[str, Any] = {"found": Hint, "guards": Guard}


def to_json(evidence: Evidence) -> dict[str, Any]:
    """Plain JSON with the kind's name under `kind`."""
    return {"kind": type(evidence).__name__, **asdict(evidence)}


def from_json(data: dict[str, Any]) -> Evidence:
    """The inverse of `to_json`; raises KeyError for a kind this version does not know."""
    kind: type[Evidence] = {kind.__name__: kind for kind in get_args(Evidence)}[data["kind"]]
    values: dict[str, Any] = {}
    for field in fields(kind):
        if field.name not in data:
            continue
        value = data[field.name]
        if field.name in _NESTED:
            value = tuple(_NESTED[field.name](**item) for item in value)
        elif field.name == "speedup" and value is not None:
            value = Estimate(**value)
        elif isinstance(value, list):
            value = tuple(value)
        values[field.name] = value
    return kind(**values)
