"""Everything known of the unchanged code: how it installs, tests, where its time goes, and what to measure it on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.absent import absent_tests
from agent.benchmarks import shipped_benchmarks, with_benchmarks
from agent.changes import Change
from agent.domain import Goal, Job, StepKind
from agent.kit import Kit
from agent.known import Known, known_of
from agent.native import NO_COMMAND, is_native_target, native_profile, native_ranking
from agent.result import BaselineSummary, WorkloadSummary
from agent.since import functions_since
from agent.suite import UnchangedSuite, remember
from agent.targets import targets_of
from agent.workloads import CallGraph, functions_to_record, named_workloads, recorded_workloads, unrecorded
from tools.errors import UserError
from tools.git.snapshot import Snapshot
from tools.git.take import take_snapshot
from tools.git.workspace import lay_out_side
from tools.impact import Touched
from tools.profile.command import NothingInPython
from tools.profile.left_out import LeftOut
from tools.profile.native import NativeProfile
from tools.profile.profile import Profile
from tools.profile.source import MODULE_LEVEL, Function, SourceIndex
from tools.profile.targets import Target
from tools.profile.workload import profile_workload
from tools.recipe.bytecode import compile_side
from tools.recipe.environment import Environment, build_environment
from tools.recipe.hasten_toml import read_recipe
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Limits
from tools.testreport import Baseline as Suite
from tools.workload.benchmarks import Benchmark, Listing
from tools.workload.session import Side
from tools.workload.workload import Workload, WorkloadKind, text_of

TREE = "tree:"
"""How the commit of a folder begins that has none."""
MEASURED_LIMITS = Limits(wall_s=300.0)
MOST_NOTES = 5
MODULE_WORKLOADS = 4
"""At most this many recorded functions of a module stand for an edit outside of its functions."""


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """The unchanged code, prepared once for every candidate of a job."""

    snapshot: Snapshot
    recipe: Recipe
    environment: Environment
    side: Side
    sources: SourceIndex
    suite: Suite
    touched: Touched
    profile: Profile
    targets: tuple[Target, ...]
    left_out: tuple[LeftOut, ...]
    """Functions that are no targets, reason by reason."""
    named: tuple[Workload, ...]
    """Workloads that the user or the project's configuration named; empty where none was."""
    benchmarks: tuple[Benchmark, ...]
    """The repository's own, as far as they run; empty where a workload was named."""
    recorded: Mapping[Function, Workload]
    """Calls recorded while the tests ran, by the function they go to."""
    unrecorded: Mapping[Function, str]
    """Functions of which no call could be recorded, and why."""
    goal: Goal = field(default_factory=Goal)
    """What counts as worth having, as the job says, else the project."""
    native: NativeProfile | None = None
    """Of compiled code, where a build command makes it and a command runs it."""
    reused: tuple[str, ...] = ()
    """What an earlier job of this home found of the same commit and was not found anew."""

    def reaching(self, changes: Sequence[Change]) -> tuple[Workload, ...]:
        """Recorded calls that reach what changed: of the functions themselves, else of their nearest callers."""
        graph = CallGraph(self.profile)
        found: dict[Function, Workload] = {}
        for change in changes:
            for function in changed_names(change):
                nearest = [function, *graph.callers(function)]
                chosen = next((near for near in nearest if near in self.recorded), None)
                if chosen:
                    found[chosen] = self.recorded[chosen]
            if change.module_level and not change.functions:
                same = [function for function in self.recorded if function.path == change.path][:MODULE_WORKLOADS]
                found.update({function: self.recorded[function] for function in same})
        return tuple(found.values())

    def calling(self, target: str) -> tuple[Workload, ...]:
        """Recorded calls of one target by its name, else of its nearest caller."""
        graph = CallGraph(self.profile)
        for found in (one for one in self.targets if one.name == target):
            function = Function(path=found.path, qualname=found.qualname)
            near = next((one for one in (function, *graph.callers(function)) if one in self.recorded), None)
            return (self.recorded[near],) if near else ()
        return ()

    @property
    def tests_take_too_long(self) -> bool:
        """Whether one run of the suite is over the recipe's budget, or was over the job's."""
        return self.suite.seconds > self.recipe.tests_budget_s or bool(self.suite.not_run or self.suite.uncollected)

    def summary(self) -> BaselineSummary:
        """What a report says of it."""
        chosen = [*self.named] or [*(one.workload for one in self.benchmarks), *self.recorded.values()]
        workloads = tuple(
            WorkloadSummary(
                name=workload.name,
                kind=str(workload.kind),
                fresh=workload.fresh,
                detail=_origin(workload),
                text=text_of(workload),
            )
            for workload in chosen
        )
        failing = (*self.suite.failing, *(failure.id for failure in self.suite.unimportable))
        return BaselineSummary(
            passed=len(self.suite.stable),
            failed=len(failing),
            flaky=len(self.suite.flaky),
            scope="sample" if self.tests_take_too_long else "full",
            set_aside=(*failing, *self.suite.flaky, *self.suite.left_out),
            collected=len(self.suite.known) + len(self.suite.not_run) + len(self.suite.stoppers),
            ran_once=len(self.suite.ran_once),
            absent=absent_tests(self.suite),
            workloads=workloads,
            targets=self.targets,
            left_out=self.left_out,
            reused=self.reused,
        )


def prepare(
    job: Job,
    kit: Kit,
    first: Callable[[SourceIndex], Sequence[Function]] = lambda _: (),
    *,
    needs_python: bool = True,
) -> Baseline:
    """Install, build, test three times, profile, choose targets and workloads.

    `first` names functions whose calls must be recorded whatever the profile says: those that a patch changes.
    Without `needs_python` a command may spend its time in other languages. Raises UserError where the repository cannot
    be prepared, with what to do about it.
    """
    snapshot = _snapshot(job, kit)
    changed = functions_since(job, snapshot, kit)
    recipe = read_recipe(snapshot.project, job.recipe)
    kit.journal.append(StepKind.RECIPE, "recipe", {"notes": list(recipe.notes)})
    side = _build(snapshot, recipe, kit)
    sources = SourceIndex(side.tree, recipe.sources, snapshot.subdirectory)
    named = named_workloads(job, snapshot, recipe, kit.home)
    if not (named or recipe.uses_pytest):
        raise UserError(NO_COMMAND, status=422)

    known = known_of(side, recipe, snapshot.subdirectory, kit, fresh=job.fresh)
    runs = UnchangedSuite(side=side, recipe=recipe, job=job, kit=kit, known=known)
    touched = runs.touch()
    sampled = runs.sample()
    shipped = Listing() if named else shipped_benchmarks(side, snapshot, recipe, sources, known)
    native = native_profile(side, snapshot, recipe, named, sources, known)
    needs_python = needs_python and not is_native_target(job)
    profile, compiled = _profile(side, named, recipe, sources, sampled, known, native, needs_python=needs_python)
    if compiled or is_native_target(job):
        ranking = native_ranking(job, snapshot, recipe, sources, native or NativeProfile(profile=profile))
    else:
        profile = with_benchmarks(profile, shipped, sources)
        every = not named or job.target is not None or changed is not None
        ranking = targets_of(job, profile, touched, recipe, sources, known, every=every, changed=changed)
    subjects = [Function(path=target.path, qualname=target.qualname) for target in ranking.targets]
    wanted = functions_to_record(first(sources), profile, sources, subjects)
    recording = runs.record(wanted, touched)
    known.say()
    suite = runs.agreed()
    remember(suite, kit)
    return Baseline(
        snapshot=snapshot,
        recipe=recipe,
        environment=side.environment,
        side=side,
        sources=sources,
        suite=suite,
        touched=touched,
        profile=profile,
        targets=ranking.targets,
        left_out=ranking.left_out,
        named=named,
        benchmarks=shipped.benchmarks,
        recorded=recorded_workloads(recording.recordings, kit.home),
        unrecorded=unrecorded(recording.recordings, cut=recording.report.cut),
        goal=goal_of(job, recipe),
        native=native,
        reused=tuple(known.reused),
    )


def goal_of(job: Job, recipe: Recipe) -> Goal:
    """What counts as worth having: what the job says, else the project's `hasten.toml`, else the usual."""
    if job.goal or recipe.goal is None:
        return job.goal or Goal()
    return Goal(min_gain=recipe.goal.min_gain, hoped_gain=recipe.goal.hoped_gain)


def _snapshot(job: Job, kit: Kit) -> Snapshot:
    kit.progress.phase("snapshot", job.source)
    snapshot = take_snapshot(
        job.source,
        ref=_begun_with(kit) or job.ref,
        subdirectory=job.subdirectory,
        home=kit.home,
        extra_env=kit.git_env,
        index_env=kit.index_env,
        admission=kit.admission,
    )
    data = {
        "source": snapshot.source,
        "commit": snapshot.commit,
        "uncommitted": list(snapshot.uncommitted),
        "notes": list(snapshot.notes),
    }
    kit.journal.append(StepKind.SNAPSHOT, f"{snapshot.source} at {snapshot.commit[:12]}", data)
    for note in snapshot.notes[:MOST_NOTES]:
        kit.progress.note(note)
    if snapshot.uncommitted:
        names = ", ".join(snapshot.uncommitted[:5])
        more = f" and {len(snapshot.uncommitted) - 5} more" if len(snapshot.uncommitted) > 5 else ""
        kit.progress.note(f"HEAD is used; not part of it: {names}{more}")
    return snapshot


def _begun_with(kit: Kit) -> str | None:
    """The commit that the job began with, where it goes on: its patches are against it, wherever a branch went."""
    for step in kit.journal.steps(StepKind.SNAPSHOT):
        commit = str(step.data["commit"])
        return None if commit.startswith(TREE) else commit
    return None


def _build(snapshot: Snapshot, recipe: Recipe, kit: Kit) -> Side:
    kit.progress.phase("environment")
    environment = build_environment(
        snapshot, recipe, kit.sandbox, kit.home, kit.index_env, lambda text: kit.progress.phase("environment", text)
    )
    data = {"digest": environment.digest, "python": environment.python_version, "notes": list(environment.notes)}
    kit.journal.append(StepKind.ENVIRONMENT, f"Python {environment.python_version}", data)
    tree = lay_out_side(snapshot, "", environment.generated, kit.home)
    compile_side(kit.sandbox, environment, tree, kit.home, base=None, changed=())
    return Side(sandbox=kit.sandbox, environment=environment, tree=tree, limits=MEASURED_LIMITS)


def _profile(
    side: Side,
    named: Sequence[Workload],
    recipe: Recipe,
    sources: SourceIndex,
    suite: Profile,
    known: Known,
    native: NativeProfile | None,
    *,
    needs_python: bool,
) -> tuple[Profile, bool]:
    """Of the named workload where there is one, of the test suite otherwise; and whether it is of compiled code."""
    kit = known.kit
    kit.progress.phase("profile")
    try:
        profile = suite
        if named:
            first = named[0]
            profile = known.profile(
                "its profile", first.folder.name, lambda: profile_workload(side, first, recipe, sources)
            )
    except NothingInPython:
        if native is not None and native.profile.functions:
            return native.profile, True
        if needs_python:
            raise
        kit.progress.note(
            "the command spends its time outside of the project's Python code; that of the tests is shown"
        )
        profile, named = suite, ()
    kit.journal.append(
        StepKind.PROFILE,
        f"profile of {named[0].name if named else 'the test suite'}: {profile.samples} samples",
        {"folded": kit.blobs.put(profile.folded.encode()), "samples": profile.samples, "cpu_s": profile.cpu_s},
    )
    return profile, False


def _origin(workload: Workload) -> str:
    if workload.kind is WorkloadKind.BENCHMARK:
        return "one of the repository's own benchmarks"
    return f"{workload.recorded} recorded calls" if workload.recorded else "named by the user or the project"


def changed_names(change: Change) -> list[Function]:
    """Changed functions by the names they can be reached under: a nested one counts for the one around it."""
    names = dict.fromkeys(qualname.split(".<locals>")[0] for qualname in change.functions)
    return [Function(path=change.path, qualname=name) for name in names if name != MODULE_LEVEL]
