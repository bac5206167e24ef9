"""One look at where time or memory goes: on planned workloads, or on tests, on one side."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Literal

from tools.errors import UserError
from tools.measure.batches import Item, Plan
from tools.profile.command import watch_command
from tools.profile.lines import Metered, Place, Sampled, read_metered, read_sampled
from tools.profile.profile import MalformedStacksError, Profile, read_profile
from tools.profile.source import SourceIndex
from tools.recipe.recipe import Recipe
from tools.testsuite import Mode, SuiteOrder, run_suite
from tools.workload.session import Side, TargetFailed
from tools.workload.workload import WorkloadKind

Level = Literal["function", "line", "memory"]
SECONDS = 1.5
"""Of a level's work, all workloads together."""
MOST_ITEMS = 4000
"""Of a batch: a profile needs a mixture of inputs, not all of them."""
EMPTY = Profile(functions=(), folded="", samples=0, cpu_s=0.0, project_cpu_s=0.0)


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was seen."""

    profile: Profile = EMPTY
    sampled: tuple[Mapping[int, Sampled], ...] = ()
    """Level `line`: the function's lines as the sampler tells them apart, process by process."""
    metered: tuple[Metered, ...] = ()
    """Levels `line` and `memory`."""


def look_at_workloads(
    side: Side, plans: Sequence[Plan], sources: SourceIndex, level: Level, place: Place | None, *, seed: int, core: int
) -> Looked:
    """Run the workloads for a moment on one core; `place` is the function whose lines are looked at.

    Raises UserError where one of them fails on this side.
    """
    stacks: list[Mapping[str, Any]] = []
    metered: list[Mapping[str, Any]] = []
    for plan in plans:
        try:
            for answer in _answers(side, plan, level, place, seed=seed, core=core, seconds=SECONDS / len(plans)):
                (stacks if "folded" in answer else metered).append(answer)
        except TargetFailed as error:
            sentence, _, detail = str(error).partition("\n")
            raise UserError(
                f"the workload {plan.workload.name} fails: {sentence}", status=422, detail=detail
            ) from error
    try:
        return Looked(
            profile=read_profile(stacks, sources),
            sampled=tuple(read_sampled(answer) for answer in stacks),
            metered=tuple(read_metered(answer) for answer in metered),
        )
    except MalformedStacksError as error:
        raise UserError(f"the code disturbs its own profile ({error})", status=422) from error


def look_at_tests(side: Side, order: SuiteOrder, recipe: Recipe, level: Level, place: Place | None) -> Looked:
    """Run the tests of an order as often as the level asks; raises UserError where a run does not come to its end."""
    modes: dict[Level, tuple[Mode, ...]] = {"function": ("sample",), "line": ("sample", "time"), "memory": ("memory",)}
    found = Looked()
    for mode in modes[level]:
        places = (place,) if place is not None and level != "function" else ()
        asked = replace(order, mode=mode, places=places)
        run = run_suite(side.sandbox, side.environment, side.tree, recipe, asked)
        if run.profile is None and run.metered is None:
            raise UserError(f"the tests did not come to their end: {run.report.problem}", status=422)
        found = Looked(
            profile=run.profile or found.profile,
            sampled=(run.sampled,) if run.profile else found.sampled,
            metered=(run.metered,) if run.metered else found.metered,
        )
    return found


def _answers(
    side: Side, plan: Plan, level: Level, place: Place | None, *, seed: int, core: int, seconds: float
) -> Iterator[Mapping[str, Any]]:
    """Stacks (with `folded`) and metered lines of one workload."""
    sent = place.sent if place is not None else None
    items = _items(plan, seed)
    hash_seed = seed % (1 << 32)
    if plan.workload.kind is WorkloadKind.COMMAND:
        levels = {"function": ("function",), "line": ("line", "time"), "memory": ("memory",)}[level]
        for one in levels:
            asked = {"command": str(items[0]), "level": one, "place": sent}
            limits, environment = side.limits, side.environment
            yield from watch_command(side.sandbox, environment, side.tree, asked, hash_seed=hash_seed, limits=limits)
        return
    with side.session(plan.workload, hash_seed=hash_seed, core=core) as session:
        session.ask("prepare", group="profile", items=items)
        answer = session.ask("profile", group="profile", seconds=seconds, level=level, place=sent)
        if "metered" in answer:
            yield answer.pop("metered")
        if answer:
            yield answer


def _items(plan: Plan, seed: int) -> list[Item]:
    """A mixture of the plan's inputs, no more of each group than of any other, each input once."""
    batches = [list(batch) for batch in plan.batches(seed).values()]
    share = max(1, MOST_ITEMS // max(1, len(batches)))
    chosen = [item for batch in batches for item in islice(batch, share)]
    return list({json.dumps(item): item for item in chosen}.values())
