"""Sizing a workload's batches on the reference, and making sure that it repeats itself there.

What differs between two runs of the unchanged code on the same inputs cannot be compared between two versions: such
recorded calls are left out, and a workload of nothing else is refused.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from tools.errors import UserError
from tools.measure.batches import BATCH_S, MOST_ITEMS, Group, Item, Plan
from tools.sandbox.contract import Reading
from tools.workload.session import DriverSession, Side, TargetFailed
from tools.workload.workload import Workload, WorkloadKind

SLOWEST_CALL_S = 60.0
SHOWN_CHARACTERS = 160
MAKING_S = 0.8
"""A batch's inputs take at most about this long to make: for calls of a microsecond the window is shorter instead."""
VARIANTS = 4
"""Variants of each recorded call that are tried before it is trusted to be varied."""
MOST_CALLS = 40
MOST_DEATHS = 3
"""Processes of a workload that recorded calls may end."""


def plan_batches(side: Side, workload: Workload, *, hash_seed: int, seed: int) -> Plan:
    """Size the batches on the reference; raises UserError where the workload cannot be measured there."""
    plan = {
        WorkloadKind.COMMAND: _plan_command,
        WorkloadKind.FILE: _plan_file,
        WorkloadKind.CALLS: _plan_calls,
        WorkloadKind.BENCHMARK: _plan_benchmark,
    }
    try:
        return plan[workload.kind](side, workload, hash_seed, seed)
    except TargetFailed as error:
        sentence, _, detail = str(error).partition("\n")
        message = f"the workload {workload.name} fails on the unchanged code: {sentence}"
        raise UserError(message, status=422, detail=detail) from error


def _plan_command(side: Side, workload: Workload, hash_seed: int, seed: int) -> Plan:
    command = (workload.command or "").replace("{seed}", str(seed % (1 << 31)))
    shown = _shown(command)
    seen: list[list[Any]] = [[], []]
    took_s = math.inf
    for mask in (0, 1):
        with side.session(workload, hash_seed=hash_seed) as session:
            took_s = min(took_s, _trial(session, [command]).took_s)
            seen[mask] = [session.ask("outputs", group="plan", mask=bool(number)) for number in (0, 1)]
    ended = seen[0][0]["outputs"][0]
    if ended["exit"] != 0:
        message = f"the command `{shown}` exits with code {ended['exit']} on the unchanged code; run it by hand first"
        raise UserError(message, status=422, detail=f"{ended['tail']}\n{ended['errors']}".strip())
    if seen[0][1] != seen[1][1]:
        message = f"the command `{shown}` prints or writes something else every time; let it print results that repeat"
        raise UserError(message, status=422, detail=ended["tail"])
    mask_needed = seen[0][0] != seen[1][0]
    caveats = ["numbers with a decimal point in the command's output vary from run to run and were not compared"]
    if "{seed}" not in (workload.command or ""):
        caveats.append("the command takes no {seed}: it was judged on its one fixed input")
    return Plan(
        workload=workload,
        groups=(Group(name=workload.name, items=max(1, math.ceil(BATCH_S / took_s))),),
        fresh=workload.fresh,
        mask=mask_needed,
        caveats=tuple(caveats[0 if mask_needed else 1 :]),
    )


def _shown(command: str) -> str:
    """A command as it is quoted; a long one is cut in the middle."""
    if len(command) <= SHOWN_CHARACTERS:
        return command
    half = SHOWN_CHARACTERS // 2
    return f"{command[:half]} … {command[-half:]}"


def _plan_file(side: Side, workload: Workload, hash_seed: int, seed: int) -> Plan:
    digests: list[dict[int, str]] = []
    counts: dict[int, _Sized] = {}
    lenient = False
    for _ in range(2):
        with side.session(workload, hash_seed=hash_seed) as session:
            lenient = session.opened.has_equal
            digests.append({})
            for size in session.opened.sizes:
                _trial(session, [[size, seed, None]])
                digests[-1][size] = session.ask("run", group="plan")["digest"]
                counts[size] = _sized(session, partial(_file_items, size, seed))
    if not counts:
        raise UserError(f"the workload {workload.name} names no sizes; set `sizes` to at least one number")
    if not lenient and digests[0] != digests[1]:
        message = f"`run` of {workload.name} returns something else for the same input; make it repeat, or define equal"
        raise UserError(message, status=422)
    groups = tuple(
        Group(name=f"{workload.name} · {size}", size=size, items=sized.items, call_s=sized.call_s)
        for size, sized in counts.items()
    )
    return Plan(workload=workload, groups=groups, fresh=True, lenient=lenient)


def _file_items(size: int, seed: int, items: int) -> Sequence[Item]:
    return [[size, seed + number, None] for number in range(items)]


def _plan_benchmark(side: Side, workload: Workload, hash_seed: int, seed: int) -> Plan:
    del seed
    seen: list[_Trial | None] = []
    items = 1
    for _ in range(2):
        with side.session(workload, hash_seed=hash_seed) as session:
            seen.append(_outcome(session, [[0, None, None]]))
            items = _count(session, lambda count: [[0, None, None]] * count)
    one, other = seen
    if one is None or other is None or one.raised or one.outputs != other.outputs:
        why = "fails" if one is None or one.raised else "returns something else every time"
        raise UserError(f"{workload.name} {why} on the unchanged code, so nothing can be measured on it", status=422)
    return Plan(
        workload=workload,
        groups=(Group(name=workload.name, items=items, calls=((0, None),)),),
        fresh=False,
        caveats=(f"{workload.name} has fixed inputs: the gain was measured on these alone",),
    )


def _plan_calls(side: Side, workload: Workload, hash_seed: int, seed: int) -> Plan:
    tried = [_try_calls(side, workload, hash_seed, seed) for _ in range(2)]
    calls = [call for index in tried[0] if (call := _usable(index, tried[0][index], tried[1][index])) is not None]
    if not calls:
        message = f"none of the {workload.recorded} recorded {workload.name} can be replayed with the same result"
        raise UserError(f"{message}; give a workload file or --bench", status=422)
    group = Group(name=workload.name, items=1, calls=tuple(calls))
    fixed = sum(1 for _, manner in calls if manner is None)
    caveat = f"{fixed} of {len(calls)} recorded calls take objects that cannot be varied: their inputs were fixed"
    plan = Plan(workload=workload, groups=(group,), fresh=fixed * 2 <= len(calls), caveats=(caveat,) if fixed else ())
    with side.session(workload, hash_seed=hash_seed) as session:

        def batch(items: int) -> Sequence[Item]:
            return replace(plan, groups=(replace(group, items=items),)).batches(seed)[group.name]

        return replace(plan, groups=(replace(group, items=_count(session, batch)),))


@dataclass(frozen=True, kw_only=True)
class _Trial:
    """One batch that was tried."""

    took_s: float
    """Of the calls alone."""
    making_s: float
    """Of their inputs."""
    outputs: tuple[Any, ...] = ()

    @property
    def raised(self) -> int:
        return sum(1 for output in self.outputs if output[0] == "raised")


_Tried = tuple[_Trial | None, _Trial | None]
"""A call as it was recorded, and variants of it; None for what could not be made or replayed."""


def _try_calls(side: Side, workload: Workload, hash_seed: int, seed: int) -> dict[int, _Tried]:
    """Recorded calls by their numbers; one that ends its process is none to measure on, and the next get another."""
    tried: dict[int, _Tried] = {}
    deaths = 0
    while True:
        with side.session(workload, hash_seed=hash_seed) as session:
            varied = session.opened.varied
            chosen = [index for index, varies in enumerate(varied) if varies is not None][:MOST_CALLS]
            for index in [index for index in chosen if index not in tried]:
                tried[index] = (None, None)
                try:
                    tried[index] = _try_call(session, index, bool(varied[index]), seed)
                except TargetFailed:
                    deaths += 1
                    if deaths > MOST_DEATHS:
                        raise
                    break
            else:
                return tried


def _try_call(session: DriverSession, index: int, varies: bool, seed: int) -> _Tried:
    raw = _outcome(session, [[index, None, None]])
    variants = _outcome(session, [[index, seed + n, "mild"] for n in range(VARIANTS)]) if varies and raw else None
    return raw, variants


def _usable(index: int, one: _Tried, other: _Tried) -> tuple[int, str | None] | None:
    """A recorded call with the manner it is varied in; None where two processes do not agree on what it returns."""
    (raw, variants), (raw_again, variants_again) = one, other
    if raw is None or raw_again is None or raw.outputs != raw_again.outputs:
        return None
    repeats = variants is not None and variants_again is not None and variants.outputs == variants_again.outputs
    # Where variants of a call that works mostly raise, they are not what its users give it.
    typical = variants is not None and (variants.raised <= 1 or raw.raised > 0)
    return index, "mild" if repeats and typical else None


def _outcome(session: DriverSession, items: Sequence[Item]) -> _Trial | None:
    try:
        trial = _trial(session, items)
    except TargetFailed:
        if not session.alive:
            raise
        return None
    outputs = session.ask("outputs", group="plan", first=0, most=len(items))["outputs"]
    return replace(trial, outputs=tuple(outputs))


def _took_s(before: Reading, after: Reading, answer: Mapping[str, Any]) -> float:
    """The time that the work itself took: what it waited for a processor is the host's doing, and left out."""
    wall_s = after.wall_s - before.wall_s
    waited_s = float(answer.get("waited_s", 0.0))
    if before.waited_s is not None and after.waited_s is not None:
        waited_s += after.waited_s - before.waited_s
    computed_s = after.cpu_s - before.cpu_s if before.cpu_s is not None and after.cpu_s is not None else 0.0
    return max(min(computed_s, wall_s), wall_s - max(waited_s, 0.0))


@dataclass(frozen=True, kw_only=True)
class _Sized:
    """A batch's size, and what one of its calls takes."""

    items: int
    call_s: float


def _count(session: DriverSession, batch: Callable[[int], Sequence[Item]]) -> int:
    return _sized(session, batch).items


def _sized(session: DriverSession, batch: Callable[[int], Sequence[Item]]) -> _Sized:
    """How many items make BATCH_S of work: found by larger and larger batches, so that what one exchange costs does not
    count as work."""
    items = 1
    while True:
        trial = _trial(session, batch(items))
        wanted = math.ceil(items * BATCH_S / max(trial.took_s, 1e-7))
        call_s = trial.took_s / items
        makeable = max(1, int(items * MAKING_S / max(trial.making_s, 1e-7)))
        if trial.took_s >= BATCH_S / 4 or trial.making_s > MAKING_S / 2 or items >= MOST_ITEMS:
            return _Sized(items=min(wanted, makeable, MOST_ITEMS), call_s=call_s)
        items = min(MOST_ITEMS, max(items + 1, min(wanted, items * 8)))


def _trial(session: DriverSession, items: Sequence[Item]) -> _Trial:
    """One batch, the better of two runs: the first one also warms up what is cached at first use."""
    trials: list[_Trial] = []
    while len(trials) < 2:
        _, start, made = session.timed("prepare", group="plan", items=items, commands=items)
        answer, before, after = session.timed("run", group="plan")
        trials.append(_Trial(took_s=_took_s(before, after, answer), making_s=made.wall_s - start.wall_s))
        if trials[-1].took_s > SLOWEST_CALL_S:
            message = f"one batch of the workload takes {trials[-1].took_s:.0f} s; make it smaller (100 ms is best)"
            raise UserError(message)
        if trials[-1].took_s > 1.0:
            break
    return min(trials, key=lambda trial: trial.took_s)
