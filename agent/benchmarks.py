"""The repository's own benchmarks in a job: found, run for a moment, and part of what says where the time goes."""

from dataclasses import replace

from agent.domain import StepKind
from agent.known import Known
from tools.git.snapshot import Snapshot
from tools.profile.profile import FunctionTime, Profile, read_profile
from tools.profile.source import Function, SourceIndex
from tools.recipe.recipe import Recipe
from tools.workload.benchmarks import Listing, find_suites, list_benchmarks, together
from tools.workload.session import Side

MOST_NAMED = 3


def shipped_benchmarks(side: Side, snapshot: Snapshot, recipe: Recipe, sources: SourceIndex, known: Known) -> Listing:
    """Every benchmark of the repository that runs, with where its time goes; what does not run is said."""
    suites = find_suites(snapshot.project, snapshot.tree)
    if not suites:
        return Listing()
    kit = known.kit

    def look() -> Listing:
        kit.progress.phase("benchmarks", "the repository's own, each for a moment")
        return together([list_benchmarks(side, suite, recipe, sources, kit.home) for suite in suites])

    found = known.benchmarks("benchmarks", look)
    missed = [f"{name}: {why}" for name, why in found.missed]
    title = f"{len(found.benchmarks)} of the repository's own benchmarks run"
    if missed:
        more = f" and {len(missed) - MOST_NAMED} more" if len(missed) > MOST_NAMED else ""
        title += f"; these do not: {'; '.join(missed[:MOST_NAMED])}{more}"
    data = {"names": [one.workload.name for one in found.benchmarks], "missed": missed}
    kit.journal.append(StepKind.WORKLOAD, title, data)
    kit.progress.note(title)
    return found


def with_benchmarks(profile: Profile, shipped: Listing, sources: SourceIndex) -> Profile:
    """Where the time goes in tests and benchmarks: half of each share is of the one, half of the other."""
    if not shipped.stacks:
        return profile
    theirs = read_profile(shipped.stacks, sources)
    times: dict[Function, FunctionTime] = {}
    for part in (profile, theirs):
        for time in part.functions:
            function = Function(path=time.path, qualname=time.qualname)
            before = times.get(function)
            times[function] = replace(
                time,
                own_share=time.own_share / 2 + (before.own_share if before else 0.0),
                cumulative_share=time.cumulative_share / 2 + (before.cumulative_share if before else 0.0),
            )
    ordered = sorted(times.values(), key=lambda one: (-one.own_share, -one.cumulative_share, one.path, one.line))
    return Profile(
        functions=tuple(ordered),
        folded=profile.folded + theirs.folded,
        samples=profile.samples + theirs.samples,
        cpu_s=profile.cpu_s + theirs.cpu_s,
        project_cpu_s=profile.project_cpu_s + theirs.project_cpu_s,
    )
