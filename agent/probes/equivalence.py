"""The probe of behaviour: both sides on the same inputs, from a seed no candidate has seen."""

from collections.abc import Iterable, Mapping, Sequence

from agent.bench import Bench
from agent.evidence import Compared, Glanced
from agent.probes.commands import watch_commands
from tools.equivalence.behaviour import Behaviour, WorkloadGone, compare_behaviour
from tools.recipe.environment import PROJECT
from tools.workload.session import TargetFailed
from tools.workload.workload import Workload, WorkloadKind

FIXED_ALONE = (
    "only the fixed inputs of {name} reach what changed, and these compare too little; give a workload file "
    "(`hasten workload` writes one to edit)"
)
WRITTEN = "the inputs come from {name}, which the model {model} wrote: read in the report what they are like"
GLANCE_SEED = 1 << 43
"""Keeps the inputs of a glance apart from those that behaviour is compared on."""


def glance(bench: Bench) -> Glanced:
    """A few inputs of every workload at hand: most of what is wrong shows at once."""
    seen = few_inputs(bench)
    return Glanced(
        cases=sum(behaviour.cases for _, behaviour in seen),
        difference=next((behaviour.difference for _, behaviour in seen[-1:]), None),
        cheat=next((behaviour.cheat for _, behaviour in seen[-1:]), None),
        unreached=bool(_commands(bench)) or _never_timed(bench, seen),
    )


def few_inputs(bench: Bench) -> list[tuple[Workload, Behaviour]]:
    """What both sides do on a few inputs of every workload at hand, up to the first that they differ on."""
    watched = _watched(bench)
    seen = on_told(bench)[-1:]
    if seen and seen[0][1].difference:
        return seen
    seen = []
    for number, workload in enumerate(bench.compared):
        if workload.kind is WorkloadKind.COMMAND:
            continue
        try:
            behaviour = _compare(bench, workload, (bench.seed + number) ^ GLANCE_SEED, watched, whole=False)
        except (WorkloadGone, TargetFailed):
            continue  # said where behaviour is compared whole
        seen.append((workload, behaviour))
        if behaviour.difference or behaviour.cheat:
            break
    return seen


def same_behaviour(bench: Bench) -> Compared:
    """Compare on every workload at hand; stops at the first difference or cheat."""
    watched = _watched(bench)
    seen: list[tuple[Workload, Behaviour]] = []
    caveats: list[str] = []
    if told := _told_apart(bench):
        return Compared(cases=told.cases, fresh=0, difference=told.difference)
    for number, workload in enumerate(bench.compared):
        if workload.kind is WorkloadKind.COMMAND:
            continue
        try:
            behaviour = _compare(bench, workload, bench.seed + number, watched)
        except WorkloadGone as gone:
            if workload in bench.baseline.named:
                return Compared(cases=0, fresh=0, difference=f"{workload.name} no longer runs: {gone}")
            caveats.append(f"{workload.entry} is no longer there; its callers were compared instead")
            continue
        except TargetFailed as error:
            caveats.append(f"{workload.name} could not be compared: {str(error).splitlines()[0]}")
            continue
        seen.append((workload, behaviour))
        if workload.kind is not WorkloadKind.BENCHMARK:
            caveats += _caveats(behaviour, workload.name)
        if behaviour.difference or behaviour.cheat:
            break
    return _summed(bench, seen, caveats)


def on_told(bench: Bench) -> list[tuple[Workload, Behaviour]]:
    """Both sides on calls that were made up to tell versions apart, to the first difference.

    They may reject a candidate; that nothing differs counts for nobody.
    """
    watched = _watched(bench)
    seen: list[tuple[Workload, Behaviour]] = []
    for workload in bench.told:
        try:
            seen.append((workload, _compare(bench, workload, bench.seed, watched)))
        except (WorkloadGone, TargetFailed):
            continue  # what changed of its module shows where behaviour is compared
        if seen[-1][1].difference:
            break
    return seen


def _told_apart(bench: Bench) -> Behaviour | None:
    return next((behaviour for _, behaviour in on_told(bench) if behaviour.difference), None)


def _compare(
    bench: Bench, workload: Workload, seed: int, lines: Mapping[str, list[int]], *, whole: bool = True
) -> Behaviour:
    return compare_behaviour(
        bench.reference,
        bench.challenger,
        workload,
        seed=seed,
        lines=lines,
        tolerance=bench.baseline.recipe.float_tolerance,
        whole=whole,
        shared_seed=bench.shared_seed,
        remembered=bench.glances,
    )


def _summed(bench: Bench, pairs: Sequence[tuple[Workload, Behaviour]], caveats: list[str]) -> Compared:
    seen = [behaviour for _, behaviour in pairs]
    shipped = [workload for workload, _ in pairs if workload.kind is WorkloadKind.BENCHMARK]
    counted = [behaviour for workload, behaviour in pairs if workload.kind is not WorkloadKind.BENCHMARK]
    commands = _commands(bench)
    found = [behaviour for behaviour in seen if behaviour.difference]
    cheats = [behaviour.cheat for behaviour in seen if behaviour.cheat]
    shown = watch_commands(bench, commands, _watched(bench), bench.edited)
    caveats += shown.caveats
    met = {workload.folder for workload, _ in pairs}
    written = [one for one in bench.written if one.workload.folder in met]
    caveats += [WRITTEN.format(name=one.workload.name, model=one.model) for one in written]
    not_reached = tuple(_not_reached(bench, _relative([*(behaviour.lines for behaviour in seen), shown.ran])))
    if commands and not seen:
        caveats.append("behaviour was compared through the command's output and files alone")
        not_reached = ()
    doubts = [behaviour.doubt for behaviour in seen if behaviour.doubt]
    unproven = f"once, and not again, {doubts[0]}" if doubts else shown.unproven
    if shipped and not any(behaviour.cases for behaviour in counted):
        unproven = unproven or FIXED_ALONE.format(name=shipped[0].name)
    return Compared(
        cases=sum(behaviour.cases for behaviour in seen) + len(commands),
        fresh=sum(behaviour.fresh for behaviour in seen) + sum(1 for command in commands if command.fresh),
        difference=found[0].difference if found else None,
        cheat=cheats[0] if cheats else None,
        not_reached=not_reached,
        never_timed=not commands and _never_timed(bench, pairs),
        deviation=max((behaviour.deviation for behaviour in seen), default=0.0),
        unproven=unproven,
        tests_only=bench.choice.why if bench.choice.tests else None,
        outputs=tuple(f"{workload.folder.name} {one.outputs}" for workload, one in pairs if one.outputs),
        caveats=tuple(caveats),
    )


def _commands(bench: Bench) -> list[Workload]:
    return [plan.workload for plan in bench.timed if plan.workload.kind is WorkloadKind.COMMAND]


def _watched(bench: Bench) -> dict[str, list[int]]:
    """The lines of every changed function and every changed line, by path in the sandbox."""
    return {
        f"{PROJECT}/{change.path}": sorted(change.lines.union(*change.functions.values()))
        for change in bench.changes
        if change.lines or change.functions
    }


def _not_reached(bench: Bench, ran: dict[str, set[int]]) -> Iterable[str]:
    """Changed functions of which no changed line ran; what stands outside of functions runs at import."""
    for change in bench.changes:
        for qualname, body in change.functions.items():
            wanted = change.edited[qualname] or body
            if wanted and not wanted & ran.get(change.path, set()):
                yield f"{qualname} in {change.path}"


def _never_timed(bench: Bench, seen: Sequence[tuple[Workload, Behaviour]]) -> bool:
    """Whether the workloads that the gain is measured on ran none of the lines that changed."""
    timed = {str(plan.workload.folder) for plan in bench.timed}
    ran = _relative(behaviour.lines for workload, behaviour in seen if str(workload.folder) in timed)
    wanted = {
        (change.path, number)
        for change in bench.changes
        for number in change.lines.union(*(change.edited[name] or body for name, body in change.functions.items()))
    }
    comparable = {str(workload.folder) for workload, _ in seen} & timed
    return bool(comparable and wanted) and not any(number in ran.get(path, ()) for path, number in wanted)


def _relative(seen: Iterable[Mapping[str, frozenset[int]]]) -> dict[str, set[int]]:
    """The watched lines that ran, by path from the repository's root."""
    ran: dict[str, set[int]] = {}
    for lines in seen:
        for path, numbers in lines.items():
            ran.setdefault(path.removeprefix(f"{PROJECT}/"), set()).update(numbers)
    return ran


def _caveats(behaviour: Behaviour, name: str) -> list[str]:
    found = []
    if behaviour.cases and not behaviour.fresh:
        found.append(f"{name}: only recorded inputs could be compared, none fresh")
    if behaviour.opaque:
        found.append(f"{name}: values of these types cannot be looked into: {', '.join(behaviour.opaque[:5])}")
    return found
