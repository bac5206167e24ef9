"""Repositories in C and C++: what takes their time, how they are compiled, and which functions to change."""

from collections.abc import Sequence
from dataclasses import replace

from agent.domain import Job, StepKind
from agent.known import Known
from tools.compiler.functions import is_native
from tools.errors import UserError
from tools.git.off_limits import off_limits
from tools.git.side import lay_out_side
from tools.git.snapshot import Snapshot
from tools.git.workspace import Workspace
from tools.profile.native import NativeProfile, profile_native
from tools.profile.source import Function, SourceIndex
from tools.profile.targets import Ranking, Target, rank_targets
from tools.recipe.build_inputs import has_native_sources
from tools.recipe.recipe import Recipe
from tools.workload.session import Side
from tools.workload.workload import Workload, WorkloadKind

NO_FUNCTION = "name one: `--target path/to/file.c:function`"
NO_COMMAND = (
    "nothing says what is to be faster: give a command, `--bench 'COMMAND {seed}'` or `bench` in hasten.toml "
    "(docs/native.md)"
)


def native_profile(
    side: Side, snapshot: Snapshot, recipe: Recipe, named: Sequence[Workload], sources: SourceIndex, known: Known
) -> NativeProfile | None:
    """Of the command that is to be faster, where a build command compiles C or C++; None elsewhere."""
    command = next((one.command for one in named if one.kind is WorkloadKind.COMMAND), None)
    if recipe.build is None or command is None or not has_native_sources(snapshot.project):
        return None
    kit, build = known.kit, recipe.build
    kit.progress.phase("profile", "of compiled code")
    run = command.replace("{seed}", "1")

    def make() -> NativeProfile:
        tree = lay_out_side(snapshot, "", None, kit.home)
        return profile_native(side.sandbox, side.environment, tree, build, run, sources)

    found = known.native("the profile of its compiled code", command, make)
    about = f"profile of compiled code by {found.counted}" if found.counted else f"no profile of it: {found.problem}"
    kit.journal.append(StepKind.PROFILE, about, {"functions": len(found.profile.functions), "problem": found.problem})
    kit.progress.note(about)
    return found


def native_ranking(
    job: Job, snapshot: Snapshot, recipe: Recipe, sources: SourceIndex, native: NativeProfile
) -> Ranking:
    """The functions of C and C++ that a job may change, hottest first; raises UserError where there is none.

    No test is known to run any of them: a command that tests does not say what it runs.
    """
    ranked = rank_targets(
        native.profile,
        None,
        recipe,
        subdirectory=sources.subdirectory,
        off_limits=lambda path: bool(off_limits([path], recipe.off_limits)),
        text_of=sources.text,
    )
    targets = tuple(target for target in ranked.targets if is_native(target.path))
    if job.target is not None:
        return replace(ranked, targets=(named_target(job.target, snapshot, sources, targets),))
    if not targets:
        why = native.problem or "none takes a share of the command's time that can be seen"
        raise UserError(f"no function of C or C++ was found to change ({why}); {NO_FUNCTION}", status=422)
    return replace(ranked, targets=targets)


def named_target(name: str, snapshot: Snapshot, sources: SourceIndex, known: Sequence[Target] = ()) -> Target:
    """The function `path/to/file.c:function`; raises UserError with near names where there is none."""
    path, qualname = Workspace(snapshot).locate(name)
    if found := next((one for one in known if (one.path, one.qualname) == (path, qualname)), None):
        return found
    line = sources.first_line(Function(path=path, qualname=qualname))
    return Target(
        module=path, qualname=qualname, path=path, line=line, own_share=0.0, cumulative_share=0.0, covered_by=0
    )


def is_native_target(job: Job) -> bool:
    """Whether the user named a function of C or C++."""
    return job.target is not None and is_native(job.target.partition(":")[0])
