"""Which workloads a job has: what the user or the project named, and calls of hot functions recorded from its tests."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from agent.domain import WORKLOAD_TEXT, Job
from tools.errors import UserError
from tools.git.snapshot import Snapshot
from tools.profile.profile import OUTSIDE, Profile
from tools.profile.source import MODULE_LEVEL, Function, SourceIndex
from tools.recipe.recipe import Recipe
from tools.recipe.tables import WorkloadTable
from tools.workload.recording import Recording, Wanted
from tools.workload.workload import Workload, command_workload, file_workload, recorded_workload, text_workload

MOST_RECORDED_FUNCTIONS = 64
CALLERS_EACH = 2
MOST_WITH_CONSTRUCTORS = 40
"""Of the first so many functions the constructors are recorded before further functions are."""
MOST_CONSTRUCTED = 24


def named_workloads(job: Job, snapshot: Snapshot, recipe: Recipe, home: Path) -> tuple[Workload, ...]:
    """What the user named, else what the project's configuration names, else nothing."""
    if job.bench or job.workload_file:
        return tuple(_of_job(job, snapshot, home))
    found: list[Workload] = []
    named = recipe.workload or WorkloadTable.model_construct()
    if named.path:
        found.append(file_workload(_inside(snapshot.project, named.path, "hasten.toml"), home))
    if named.text:
        found.append(text_workload(WORKLOAD_TEXT, named.text.encode(), home))
    found += [command_workload(command, home) for command in (named.command, recipe.bench) if command]
    return tuple(found)


def _of_job(job: Job, snapshot: Snapshot, home: Path) -> list[Workload]:
    """What the job names, files first."""
    found: list[Workload] = []
    if job.workload:
        found.append(file_workload(Path(job.workload), home))
    if job.workload_path:
        found.append(file_workload(_inside(snapshot.project, job.workload_path, "the job"), home))
    if job.workload_text is not None:
        found.append(text_workload(WORKLOAD_TEXT, job.workload_text.encode(), home))
    if job.bench:
        found.append(command_workload(job.bench, home))
    return found


def _inside(project: Path, name: str, who: str) -> Path:
    path = (project / name).resolve()
    if not path.is_relative_to(project.resolve()) or not path.is_file():
        raise UserError(f"{who} names the workload file {name}, which the project does not have", status=422)
    return path


def _constructed(recording: Recording | None) -> list[bytes]:
    """Calls of a constructor, as far as they are wanted beside those of a method."""
    return [call.pickle for call in recording.calls[:MOST_CONSTRUCTED]] if recording else []


class CallGraph:
    """Who called whom, as far as the sampler saw it: read from a profile's folded stacks."""

    def __init__(self, profile: Profile) -> None:
        self._stacks: list[tuple[Function, ...]] = []
        for line in profile.folded.splitlines():
            labels = line.rpartition(" ")[0].split(";")
            self._stacks.append(tuple(_function(label) for label in labels if label != OUTSIDE))

    def callers(self, function: Function) -> list[Function]:
        """Functions seen above it on a stack, the nearest and then the most often seen first."""
        seen: dict[Function, tuple[int, int]] = {}
        for stack in self._stacks:
            if function not in stack:
                continue
            above = stack[: stack.index(function)]
            for distance, caller in enumerate(reversed(above)):
                nearest, count = seen.get(caller, (distance, 0))
                seen[caller] = (min(nearest, distance), count - 1)
        found = sorted((caller for caller in seen if caller.qualname != MODULE_LEVEL), key=lambda caller: seen[caller])
        return [caller for caller in found if caller != function]


def _function(label: str) -> Function:
    path, _, qualname = label.rpartition(":")
    return Function(path=path, qualname=qualname)


def functions_to_record(
    first: Sequence[Function], profile: Profile, sources: SourceIndex, subjects: Iterable[Function]
) -> tuple[Wanted, ...]:
    """`first`, then the targets, then the nearest callers of both: where a function itself cannot be replayed, what
    calls it may be."""
    graph = CallGraph(profile)
    leading = [*first, *subjects]
    callers = [caller for function in leading for caller in graph.callers(function)[:CALLERS_EACH]]
    makers = [maker for function in leading if (maker := _constructor(function, sources))]
    chosen = dict.fromkeys([*leading[:MOST_WITH_CONSTRUCTORS], *makers, *leading, *callers])
    wanted = [
        Wanted(module=module, qualname=function.qualname, path=function.path, line=sources.first_line(function))
        for function in chosen
        if function.qualname != MODULE_LEVEL and (module := sources.module(function.path))
    ]
    return tuple(wanted[:MOST_RECORDED_FUNCTIONS])


def _constructor(method: Function, sources: SourceIndex) -> Function | None:
    """The `__init__` of the class that a method stands in; calls of it make objects for the method's."""
    owner, _, name = method.qualname.rpartition(".")
    if not owner or "<locals>" in owner or name == "__init__":
        return None
    found = replace(method, qualname=f"{owner}.__init__")
    return found if any(span.qualname == found.qualname for span in sources.spans(method.path)) else None


def recorded_workloads(recordings: Iterable[Recording], home: Path) -> dict[Function, Workload]:
    """A workload for each function of which at least one call was recorded."""
    found = {}
    recordings = tuple(recordings)
    by_name = {(one.path, one.qualname): one for one in recordings}
    for recording in recordings:
        if not recording.calls:
            continue
        module, _, qualname = recording.target.partition(":")
        found[Function(path=recording.path, qualname=recording.qualname)] = recorded_workload(
            module=module,
            qualname=qualname,
            steps=recording.steps,
            calls=[call.pickle for call in recording.calls],
            paths=recording.import_paths,
            made=_constructed(by_name.get((recording.path, f"{qualname.rpartition('.')[0]}.__init__"))),
            home=home,
        )
    return found


def unrecorded(recordings: Iterable[Recording], *, cut: bool) -> dict[Function, str]:
    """Why functions were not recorded, by function; `cut` says that the run did not come to every test."""
    return {
        Function(path=one.path, qualname=one.qualname): f"{one.qualname} cannot be recorded: {_why(one, cut=cut)}"
        for one in recordings
        if not one.calls
    }


def _why(recording: Recording, *, cut: bool) -> str:
    if cut and not recording.reasons:
        return "there was no time for the tests that call it"
    if recording.problem or not recording.reasons:
        return recording.problem or "no call of it was seen"
    return f"its arguments cannot be kept ({recording.reasons[0][0]})"
