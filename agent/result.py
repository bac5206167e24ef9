"""What a job hands over when it ends, for people and reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.domain import Job, Spend
from agent.evidence import Compared, Tested
from agent.protocols import Entry
from tools.git.snapshot import Snapshot
from tools.measure.calibrate import Calibration
from tools.measure.estimate import Estimate
from tools.profile.left_out import LeftOut
from tools.profile.targets import Target

NOT_RUN = "not run for want of time"
NOT_COLLECTED = "not even imported for want of time"
"""Of test files; how many tests they hold is not known."""
"""Why tests of a suite that takes too long were left out."""


@dataclass(frozen=True, kw_only=True)
class WorkloadSummary:
    """One workload of the job."""

    name: str
    kind: str
    """`file`, `command` or `calls`."""
    fresh: bool
    """Whether it can run on inputs made from a seed."""
    detail: str
    text: str | None = None
    """Of a workload file that was named, or that a model wrote: its content."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a target's gain was measured on."""

    target: str
    """`module:function`, or `the patch`."""
    workload: str
    why: str


@dataclass(frozen=True, kw_only=True)
class AbsentTests:
    """Tests that play no part, for one reason."""

    why: str
    """In words: `failing for want of the network`, `hangs (...)`, `not run for want of time`."""
    tests: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BaselineSummary:
    """What was found of the unchanged code."""

    passed: int
    failed: int
    """Tests that fail on the unchanged code; they are set aside."""
    flaky: int
    """Tests whose outcome changes from run to run; they are set aside."""
    scope: str
    """`full`, or `sample` where the suite is over its time budget."""
    set_aside: tuple[str, ...]
    collected: int = 0
    """How many tests there are."""
    ran_once: int = 0
    """Tests of one outcome only, for want of time: whether they are flaky is not known."""
    absent: tuple[AbsentTests, ...] = ()
    """Every test that plays no part, by reason."""
    workloads: tuple[WorkloadSummary, ...]
    targets: tuple[Target, ...]
    left_out: tuple[LeftOut, ...] = ()
    """Functions that are no targets, reason by reason."""
    reused: tuple[str, ...] = ()
    """What an earlier job found of the same commit and was not found anew."""


@dataclass(frozen=True, kw_only=True)
class Stacked:
    """One step from the unchanged code to what is delivered: a tree that was judged."""

    candidates: tuple[int, ...]
    """The kept candidates that this step adds to the one before it."""
    patch: str
    """The whole tree's, against the snapshot."""
    tested: Tested | None = None
    """The tests on this tree; None for the last step, which is the combination itself."""
    compared: Compared | None = None


@dataclass(frozen=True, kw_only=True)
class Combined:
    """Everything kept, as one patch, and what it gains against the unchanged code."""

    patch: str
    speedup: Estimate | None
    """None where the combination was not confirmed."""
    workload: str
    detail: str
    candidates: tuple[int, ...]
    """The kept candidates in it."""
    stack: tuple[Stacked, ...] = ()
    """How they come to it one by one; the last step's patch is this one."""


@dataclass(frozen=True, kw_only=True)
class JobResult:
    """A job that ran to its end."""

    job: Job
    snapshot: Snapshot
    machine: Mapping[str, object]
    recipe_notes: tuple[str, ...]
    baseline: BaselineSummary
    entries: Sequence[Entry]
    """Every candidate judged, by number."""
    kept: Sequence[Entry]
    """What is delivered: kept candidates as they were minimised, each against the unchanged code."""
    combined: Combined | None
    spend: Spend
    ended: str
    """Why the search ended, in words."""
    chosen: tuple[Chosen, ...] = ()
    calibration: Calibration | None = None
    """The unchanged code against itself; None where nothing could be measured."""


@dataclass(frozen=True, kw_only=True)
class JudgeResult:
    """One patch, judged."""

    job: Job
    entry: Entry
    snapshot: Snapshot
    machine: Mapping[str, object]
    baseline: BaselineSummary
    spend: Spend
    chosen: tuple[Chosen, ...] = ()
    calibration: Calibration | None = None
