"""A workload file tried on the unchanged code: what became of it, for `acceptance.py` to judge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tools.equivalence.render import render
from tools.errors import UserError
from tools.measure.batches import Plan
from tools.workload.session import DriverSession, Side, TargetFailed
from tools.workload.workload import Workload

SEEDS = 3
LOOK_S = 5.0
"""The longest a single call may take."""

Call = tuple[int, int]
"""Size and seed."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What one file did."""

    problem: str = ""
    """Why it does not run at all; all else says nothing then."""
    raised: float = 0.0
    """Share of inputs on which it raises."""
    error: str = ""
    """One of the errors."""
    repeats: bool = False
    """Two processes make the same inputs and results of the same seeds."""
    reaches: bool = False
    """Lines of the target run in it."""
    differs: bool = False
    """Seeds of one size give several results."""
    shows: bool | None = None
    """What is compared depends on what the target does; None where that was not looked at."""
    timed: bool = False
    """What follows was looked at: not where what stands before already speaks against the file."""
    call_s: Mapping[int, float] = field(default_factory=dict)
    """About how long a call takes, by size."""
    batch_s: Mapping[int, float] = field(default_factory=dict)
    """About how long the largest batch takes whose inputs are made in time, by size."""
    unmeasurable: str = ""
    """Why no batches can be made of it."""


@dataclass(frozen=True, kw_only=True)
class _Seen:
    answers: Mapping[Call, str]
    """Digests of everything that shows of a call."""
    results: Mapping[Call, str]
    """Digests of what calls returned."""
    errors: tuple[str, ...]
    reaches: bool


def try_workload(
    side: Side,
    workload: Workload,
    lines: Mapping[str, list[int]],
    plan: Callable[[Workload], Plan],
    *,
    hash_seeds: tuple[int, int],
    hollow: tuple[Side, Workload] | None = None,
) -> Tried:
    """Run it on a few inputs of each size in two processes, then size its batches by `plan`.

    `lines` are the target's, by path in the sandbox. `hollow` is a side whose target does nothing, with the same file
    as `hollow.py` writes it.
    """
    try:
        seen = [_look(side, workload, lines, hash_seed) for hash_seed in hash_seeds]
    except TargetFailed as error:
        return Tried(problem=str(error).splitlines()[0])
    one, other = seen
    tried = Tried(
        raised=len(one.errors) / max(1, len(one.answers)),
        error=next(iter(one.errors), ""),
        repeats=one.answers == other.answers,
        reaches=one.reaches,
        differs=_differs(one.results),
    )
    if not (tried.repeats and tried.reaches and tried.differs):
        return tried
    batches, unmeasurable = _planned(workload, plan)
    return replace(
        tried,
        timed=True,
        shows=None if hollow is None else _shows(one, hollow, hash_seeds[0]),
        call_s={group.size or 0: group.call_s or 0.0 for group in batches.groups} if batches else {},
        batch_s={group.size or 0: (group.call_s or 0.0) * group.items for group in batches.groups} if batches else {},
        unmeasurable=unmeasurable,
    )


def _look(side: Side, workload: Workload, lines: Mapping[str, list[int]], hash_seed: int) -> _Seen:
    answers: dict[Call, str] = {}
    results: dict[Call, str] = {}
    errors: list[str] = []
    with side.session(workload, hash_seed=hash_seed, lines=lines) as session:
        for size in session.opened.sizes:
            for seed in range(SEEDS):
                answer = _observed(session, size, seed)
                answers[size, seed] = answer["digest"]
                if answer["raised"]:
                    errors.append(render(answer["seen"][0]["returned"]) if "seen" in answer else "an error")
            results.update(_results(session, size))
        ran = session.ask("lines")["lines"]
    return _Seen(answers=answers, results=results, errors=tuple(errors), reaches=any(ran.values()))


def _observed(session: DriverSession, size: int, seed: int) -> Mapping[str, Any]:
    """One call; raises TargetFailed where it does not come to its end."""
    call = f"run(make_input(seed={seed}, size={size}))"
    asked: dict[str, Any] = {"item": [size, seed, None], "manner": "once", "limit_s": LOOK_S, "pool": []}
    try:
        answer = session.ask("observe", **asked, show=False, timeout_s=LOOK_S * 3 + 2)
    except TargetFailed as error:
        if session.alive:
            raise TargetFailed(f"make_input(seed={seed}, size={size}) fails: {error}") from error
        raise TargetFailed(f"in {call} its process {error}") from error
    if answer.get("slow"):
        raise TargetFailed(f"{call} takes more than {LOOK_S:g} s; make its sizes smaller")
    if "digest" not in answer:
        raise TargetFailed(f"{call} ends in {answer.get('unseen')}; make its sizes smaller")
    return answer


def _results(session: DriverSession, size: int) -> dict[Call, str]:
    items = [[size, seed, None] for seed in range(SEEDS)]
    session.ask("prepare", group="try", items=items)
    return {
        (size, seed): str(session.ask("run", group="try", first=seed, most=1, encoded=True)["digest"])
        for seed in range(SEEDS)
    }


def _differs(results: Mapping[Call, str]) -> bool:
    by_size: dict[int, set[str]] = {}
    for (size, _), digest in results.items():
        by_size.setdefault(size, set()).add(digest)
    return any(len(digests) > 1 for digests in by_size.values())


def _shows(seen: _Seen, hollow: tuple[Side, Workload], hash_seed: int) -> bool:
    """Whether something else shows where the target does nothing; a process that ends over it shows enough."""
    side, workload = hollow
    try:
        return dict(_look(side, workload, {}, hash_seed).answers) != dict(seen.answers)
    except TargetFailed:
        return True


def _planned(workload: Workload, plan: Callable[[Workload], Plan]) -> tuple[Plan | None, str]:
    try:
        return plan(workload), ""
    except UserError as error:
        return None, str(error)
