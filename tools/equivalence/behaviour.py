"""Whether two sides behave alike on one workload's inputs, with the smallest difference found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from tools.equivalence.calls import Comparison
from tools.equivalence.cases import Case, Explored, choose_cases, few_of
from tools.equivalence.compare import Deviation, difference
from tools.equivalence.constants import Constant, constants_near, functions_at, with_helpers
from tools.equivalence.explain import Trial, explain
from tools.equivalence.exploring import Explorer
from tools.equivalence.functional import functional_digest
from tools.equivalence.observe import CALL_LIMIT_S, Observed, Watch, observe, refused
from tools.equivalence.own_equal import OwnEqual
from tools.equivalence.remembered import Asked, Remembered, key_of
from tools.equivalence.types_named import types_named
from tools.workload.session import Side, TargetFailed
from tools.workload.workload import Workload, WorkloadKind

BUDGET_S = 6.0
GLANCE_S = 0.6


@dataclass(frozen=True, kw_only=True)
class Example:
    """A call on which both sides differ, as it can be made again."""

    workload: Workload
    case: Case
    pool: tuple[Constant, ...]
    """Values that its input may be made of."""
    hash_seed: int


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """The outcome of one comparison."""

    cases: int
    fresh: int
    difference: str | None = None
    example: Example | None = None
    """Where there is a difference: the call that shows it."""
    cheat: str | None = None
    """What the candidate's process did that no honest one does, twice."""
    doubt: str | None = None
    """The same, where a second process of either side did not show it again."""
    lines: Mapping[str, frozenset[int]]
    """Of the watched lines, by path in the sandbox: those that ran on the candidate's side."""
    unseen: int = 0
    """Cases left out because the unchanged code does not repeat itself on them, hangs or ends its process."""
    opaque: tuple[str, ...] = ()
    """Types of values that could not be looked into."""
    deviation: float = 0.0
    """The largest relative difference of floats that the tolerance let pass."""
    outputs: str = ""
    """What the candidate did on the inputs that every candidate meets, as one digest (see `functional.py`)."""


class WorkloadGone(Exception):
    """The workload cannot be opened on the candidate's side (its function is no longer there)."""


def compare_behaviour(
    reference: Side,
    candidate: Side,
    workload: Workload,
    *,
    seed: int,
    lines: Mapping[str, list[int]],
    tolerance: float = 0.0,
    whole: bool = True,
    shared_seed: int | None = None,
    remembered: Remembered | None = None,
) -> Behaviour:
    """Compare both sides on inputs drawn from `seed`; on a few of them where not `whole`.

    `lines` are the candidate's changed lines by path in the sandbox. Inputs of `shared_seed` are those that every
    candidate meets. With `remembered` a glance looks up what the reference did on the very same inputs. Raises
    WorkloadGone, and TargetFailed where the reference itself cannot be run.
    """
    pool = tuple(constants_near((reference.tree, candidate.tree), lines))
    if remembered is not None:  # in whatever order the code speaks of them: the same constants, the same inputs
        pool = tuple(sorted(pool, key=lambda one: (type(one).__name__, repr(one))))
    watch = Watch(hash_seed=seed % (1 << 32), budget_s=BUDGET_S if whole else GLANCE_S, pool=pool)
    memory, key = remembered or Remembered(), key_of(reference, workload, seed, pool)
    if whole:
        asked = _whole(reference, candidate, workload, seed, shared_seed, lines, watch)
    else:
        asked = memory.asked(key, lambda: _glance(reference, workload, seed, watch))
    cases, before = asked.cases, asked.before
    limits_s = {n: CALL_LIMIT_S * 2 + 20 * float(answer.get("seconds", 0)) for n, answer in before.answers.items()}
    watch = replace(watch, limits_s=limits_s, budget_s=watch.budget_s * 10)
    watch_lines = replace(watch, lines=lines)
    try:
        after = observe(candidate, workload, cases, watch_lines)
    except TargetFailed as error:
        raise WorkloadGone(str(error)) from error
    with OwnEqual(reference, workload, watch.hash_seed) as equal:
        comparison = Comparison(tolerance=tolerance, equal=equal if asked.has_equal else None)
        look = partial(explain, Trial(reference, candidate, workload, cases, watch, comparison), before, after)
        found = look() if whole else memory.explained(key, after, tolerance, look)
    cheat = _cheat(before, after)
    confirmed = cheat if cheat and _seen_again(reference, candidate, workload, cases, watch_lines) else None
    comparable = [n for n, answer in before.answers.items() if "digest" in answer and n not in found.dropped]
    return Behaviour(
        cases=len(comparable),
        fresh=sum(1 for n in comparable if cases[n].fresh),
        difference=found.text,
        example=Example(workload=workload, case=found.case, pool=pool, hash_seed=watch.hash_seed)
        if found.case is not None
        else None,
        cheat=confirmed,
        doubt=None if confirmed else cheat,
        lines={path: frozenset(numbers) for path, numbers in after.lines.items()},
        unseen=len(cases) - len(comparable),
        opaque=tuple(sorted({name for answer in before.answers.values() for name in answer.get("opaque", ())})),
        deviation=comparison.deviation.largest,
        outputs=functional_digest(asked.drawn, after) if whole else "",
    )


def _whole(
    reference: Side,
    candidate: Side,
    workload: Workload,
    seed: int,
    shared_seed: int | None,
    lines: Mapping[str, list[int]],
    watch: Watch,
) -> Asked:
    """Every kind of input, those among them that exploring either side has found."""
    named = types_named((reference.tree, candidate.tree), lines)
    functions = with_helpers(candidate.tree, functions_at(candidate.tree, lines))
    explorer = Explorer(workload, functions, seed, watch.pool, named)
    with reference.session(workload, hash_seed=watch.hash_seed) as session:
        opened = session.opened
        found = explorer.session(session)
    explored = Explored(found=found, suggested=explorer.side(candidate, workload), types=named)
    cases = choose_cases(workload, opened, seed, watch.pool, explored, shared_seed)
    return _asked(reference, workload, cases, watch, has_equal=opened.has_equal)


def _glance(reference: Side, workload: Workload, seed: int, watch: Watch) -> Asked:
    """A few inputs, of the types that were recorded alone."""
    with reference.session(workload, hash_seed=watch.hash_seed) as session:
        opened = session.opened
    cases = few_of(choose_cases(workload, opened, seed, watch.pool, Explored()), seed)
    return _asked(reference, workload, cases, watch, has_equal=opened.has_equal)


def _asked(reference: Side, workload: Workload, cases: Sequence[Case], watch: Watch, *, has_equal: bool) -> Asked:
    before = observe(reference, workload, cases, watch)
    for number in refused(cases, before):
        del before.answers[number]
    met = cases[: 1 + max([-1, *before.answers, *before.failures, *before.deaths])]
    return Asked(drawn=tuple(cases), cases=tuple(met), before=before, has_equal=has_equal)


def _seen_again(reference: Side, candidate: Side, workload: Workload, cases: Sequence[Case], watch: Watch) -> bool:
    """Whether further processes show a cheat too: chance must not accuse anybody."""
    try:
        before = observe(reference, workload, cases, replace(watch, lines={}))
        return _cheat(before, observe(candidate, workload, cases, watch)) is not None
    except TargetFailed:
        return True


def _cheat(before: Observed, after: Observed) -> str | None:
    """What the candidate's process did to itself that the reference's did not."""
    changes = [change for change in after.changes if change not in before.changes]
    if changes:
        return f"its process is not as it was: {'; '.join(changes[:3])}"
    looks = [look for look in after.looks if look not in before.looks]
    if looks:
        return f"it looks at more than its own data: {'; '.join(looks[:3])}, which the unchanged code does not"
    for name, value in before.settings.items():
        if after.settings and after.settings.get(name) != value:
            return f"it changed the {name} of its process from {value} to {after.settings.get(name)}"
    for module, names in before.modules.items():
        if after.modules.get(module, names) != names:
            return f"names of the module {module} do not mean what they meant"
    if after.survivors > before.survivors:
        return f"it left {after.survivors} process(es) running behind it"
    return None


def outputs_agree(
    reference: Side, workload: Workload, before: Any, after: Any, tolerance: float, deviation: Deviation
) -> str | None:
    """Whether the outputs of one timed batch agree, as their workload compares them; a sentence where they do not."""
    if workload.kind is WorkloadKind.COMMAND:
        return _commands_agree(before, after)
    differing = [
        (one, other, found)
        for one, other in zip(before["outputs"], after["outputs"], strict=True)
        if (found := difference(one, other, tolerance, deviation))
    ]
    if differing:
        with OwnEqual(reference, workload, 0) as equal:
            for one, other, found in differing:
                if not (one[0] == other[0] == "returned" and equal.holds(one[1], other[1])):
                    return str(found)
    for one, other in zip(before["arguments"] or (), after["arguments"] or (), strict=True):
        if found := difference(one, other, tolerance, deviation):
            return f"the arguments after the call: {found}"
    return None


def _commands_agree(before: Any, after: Any) -> str | None:
    for one, other in zip(before["outputs"], after["outputs"], strict=False):
        if one["exit"] != other["exit"]:
            return f"the command's exit code: before {one['exit']}, now {other['exit']}\n{other['errors'][-500:]}"
        if one["digest"] != other["digest"]:
            return f"the command's output: before …{one['tail'][-200:]!r}, now …{other['tail'][-200:]!r}"
    if before["files"] != after["files"]:
        names = sorted(set(before["files"].items()) ^ set(after["files"].items()))
        return f"the files the command wrote differ: {', '.join(sorted({name for name, _ in names})[:5])}"
    if after["survivors"] > before["survivors"]:
        return f"the command left {after['survivors']} process(es) running behind it"
    return None
