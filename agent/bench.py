"""What a probe needs to judge on: both sides of one candidate, what changed, and the workloads that reach it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from agent.baseline import Baseline, changed_names
from agent.changes import Change, changes_of
from agent.choice import Choice, Planning, choose
from agent.chosen import say
from agent.domain import Candidate, Job
from agent.evidence import Evidence
from agent.kit import Kit
from agent.lineage import targets_behind
from agent.seeds import seed_for
from agent.telling import told_in
from agent.written import Written, written_in
from tools.equivalence.remembered import Remembered
from tools.errors import UserError
from tools.git.patch import apply_patch, parse_patch
from tools.git.workspace import lay_out_side
from tools.measure.batches import Plan
from tools.measure.pairs import Pair
from tools.measure.plan import plan_batches
from tools.recipe.build_inputs import NATIVE_SUFFIXES
from tools.recipe.bytecode import compile_side
from tools.recipe.environment import PROJECT, Environment, build_environment
from tools.workload.reach import runs_lines
from tools.workload.session import Side, TargetFailed
from tools.workload.workload import Workload

Plans = dict[tuple[str, str], Plan | UserError]
"""Sized batches by reference tree and workload, or why there are none."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One candidate beside its parent; built once, its parts worked out when first asked for."""

    kit: Kit
    job: Job
    baseline: Baseline
    parent: Candidate
    candidate: Candidate
    plans: Plans = field(default_factory=dict)
    """Shared by the benches of one job."""
    screened: list[Pair] = field(default_factory=list)
    """The pairs of this candidate's screening."""
    seen: list[Evidence] = field(default_factory=list)
    """What the probes saw so far: one may look at what those before it found."""
    glances: Remembered | None = None
    """Of a desk: what was seen at a glance before. A judgement remembers none."""

    @cached_property
    def seed(self) -> int:
        """All of this judgement's fresh inputs are drawn from it; nothing of the candidate was made knowing it."""
        return seed_for(self.job, self.candidate.number, self.parent.number)

    @property
    def shared_seed(self) -> int:
        """Of the inputs that every candidate of the job meets; no verdict rests on them alone."""
        return seed_for(self.job, "shared")

    @cached_property
    def aims(self) -> frozenset[str]:
        """The targets that the candidate is about: those it was made for, and the functions that it changes."""
        behind = targets_behind(self.candidate, self.kit.archive.entries())
        module = self.baseline.sources.module
        changed = {
            f"{module(change.path)}:{function.qualname}"
            for change in self.changes
            for function in changed_names(change)
        }
        return behind | changed

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """Workloads that a model wrote for these targets."""
        return tuple(one for target, one in written_in(self.kit).items() if target in self.aims)

    @cached_property
    def told(self) -> tuple[Workload, ...]:
        """Calls of these targets that were made up to tell versions apart: compared beside all else."""
        return tuple(workload for target, workload in told_in(self.kit).items() if target in self.aims)

    @cached_property
    def before(self) -> Mapping[str, bytes | None]:
        """The parent's files that differ from the snapshot or from the candidate, by path; None is no file."""
        return self.files_of(self.parent)

    @cached_property
    def after(self) -> Mapping[str, bytes | None]:
        """The candidate's files, for the same paths as `before`."""
        return self.files_of(self.candidate)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What the candidate changes of its parent."""
        return changes_of(texts(self.before), texts(self.after))

    @cached_property
    def edited(self) -> Mapping[str, set[int]]:
        """The edited lines by path in the sandbox: of functions where some changed, for the rest runs at import."""
        return {
            f"{PROJECT}/{change.path}": set().union(
                *(change.edited[name] or body for name, body in change.functions.items())
            )
            or set(change.lines)
            for change in self.changes
        }

    @cached_property
    def reference(self) -> Side:
        """The parent's side."""
        return self.side(self.parent)

    @cached_property
    def challenger(self) -> Side:
        """The candidate's side; raises UserError where its build inputs changed and no longer build."""
        return self.side(self.candidate)

    def side(self, candidate: Candidate) -> Side:
        """A candidate's tree, laid out, in its environment."""
        environment = self._environment(candidate)
        tree = lay_out_side(self.baseline.snapshot, candidate.patch, environment.generated, self.kit.home)
        compile_side(
            self.kit.sandbox,
            environment,
            tree,
            self.kit.home,
            base=self.baseline.side.tree if environment == self.baseline.environment else None,
            changed=parse_patch(candidate.patch).paths if candidate.patch else (),
        )
        return Side(sandbox=self.kit.sandbox, environment=environment, tree=tree, limits=self.baseline.side.limits)

    def plan(self, workload: Workload) -> Plan:
        """A workload's batches, sized on the parent; raises UserError where it cannot be measured there."""
        key = (str(self.reference.tree), str(workload.folder))
        if key not in self.plans:
            seed = self.seed % (1 << 31)
            try:
                self.plans[key] = plan_batches(self.reference, workload, hash_seed=seed, seed=seed)
            except UserError as error:
                self.kit.progress.note(str(error))
                self.plans[key] = error
        found = self.plans[key]
        if isinstance(found, UserError):
            raise found
        return found

    @cached_property
    def choice(self) -> Choice:
        """The workloads that the gain is measured on, and why these; said once for each target."""
        if self.baseline.named:  # one that cannot be measured is the user's to mend
            for workload in self.baseline.named:
                self.plan(workload)
        planning = Planning(plan=self.usable, home=self.kit.home, runs=self._runs_what_changes)
        chosen = choose(self.baseline, self.changes, self.job.target, planning, self.written)
        say(self.kit, self.candidate, chosen)
        return chosen

    @property
    def timed(self) -> tuple[Plan, ...]:
        """The chosen workloads, planned."""
        return self.choice.plans

    @cached_property
    def compared(self) -> tuple[Workload, ...]:
        """The workloads that behaviour is compared on: the timed ones, those that a model wrote for its targets, and
        recorded calls of every changed function."""
        further = (*(one.workload for one in self.written), *self.baseline.reaching(self.changes))
        direct = [plan for workload in further if (plan := self.usable(workload))]
        chosen = [plan.workload for plan in (*self.timed, *direct)]
        return tuple({str(workload.folder): workload for workload in chosen}.values())

    def recorded(self) -> Iterator[Plan]:
        """Recorded calls and benchmarks that can be replayed: something to calibrate on where nothing is named."""
        for workload in (*self.baseline.recorded.values(), *(one.workload for one in self.baseline.benchmarks)):
            if plan := self.usable(workload):
                yield plan

    def usable(self, workload: Workload) -> Plan | None:
        """A workload's batches; None where it cannot be measured."""
        try:
            return self.plan(workload)
        except UserError:  # said when it was first tried
            return None

    def _runs_what_changes(self, workload: Workload) -> bool:
        """Whether a benchmark runs an edited line; one that cannot be asked is taken, and fails where it is timed."""
        try:
            return runs_lines(self.challenger, workload, self.edited, seed=self.seed)
        except (TargetFailed, UserError):
            return True

    def files_of(self, candidate: Candidate) -> Mapping[str, bytes | None]:
        """Any candidate's content of this bench's paths; raises UserError where its patch does not fit."""
        tree = self.baseline.snapshot.tree
        paths = {
            path for patch in (self.parent.patch, self.candidate.patch) if patch for path in parse_patch(patch).paths
        }
        changed = apply_patch(tree, parse_patch(candidate.patch)) if candidate.patch else {}
        return {path: changed[path] if path in changed else read(tree / path) for path in sorted(paths)}

    def _environment(self, candidate: Candidate) -> Environment:
        """The baseline's, unless the candidate changes what it was built from."""
        baseline = self.baseline
        paths = parse_patch(candidate.patch).paths if candidate.patch else ()
        if not any(PurePosixPath(path).suffix in NATIVE_SUFFIXES for path in paths):
            return baseline.environment
        tree = lay_out_side(baseline.snapshot, candidate.patch, None, self.kit.home)
        snapshot = replace(baseline.snapshot, tree=tree)
        return build_environment(
            snapshot, baseline.recipe, self.kit.sandbox, self.kit.home, self.kit.index_env, lambda _: None
        )


def read(path: Path) -> bytes | None:
    """A file's content, None where there is no regular file."""
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def texts(files: Mapping[str, bytes | None]) -> dict[str, str | None]:
    """File contents as text; what is not UTF-8 is read byte by byte."""
    return {path: None if data is None else _text(data) for path, data in files.items()}


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
