"""Whether two sides behave alike on one workload's inputs, with the smallest difference found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tools.equivalence.cases import Case, choose_cases
from tools.equivalence.compare import difference
from tools.equivalence.observe import CALL_LIMIT_S, Observed, Watch, observe
from tools.equivalence.render import render, render_call
from tools.workload.session import Side, TargetFailed
from tools.workload.workload import Workload, WorkloadKind

MOST_SHOWN = 24
BUDGET_S = 6.0


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """The outcome of one comparison."""

    cases: int
    fresh: int
    difference: str | None = None
    cheat: str | None = None
    lines: Mapping[str, frozenset[int]]
    """Of the watched lines, by path in the sandbox: those that ran on the candidate's side."""
    unseen: int = 0
    """Cases left out because the unchanged code does not repeat itself on them, hangs or ends its process."""
    opaque: bool = False
    """Some values could not be looked into."""


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
) -> Behaviour:
    """Compare both sides on inputs drawn from `seed`.

    `lines` are the candidate's changed lines by path in the sandbox. Raises WorkloadGone, and TargetFailed where the
    reference itself cannot be run.
    """
    watch = Watch(hash_seed=seed % (1 << 32), budget_s=BUDGET_S)
    with reference.session(workload, hash_seed=watch.hash_seed) as session:
        opened = session.opened
    cases = choose_cases(workload, opened, seed)
    before = observe(reference, workload, cases, watch)
    cases = cases[: 1 + max([-1, *before.answers, *before.failures, *before.deaths])]
    limits_s = {n: CALL_LIMIT_S * 2 + 20 * float(answer.get("seconds", 0)) for n, answer in before.answers.items()}
    watch = replace(watch, limits_s=limits_s, lines=lines, budget_s=BUDGET_S * 10)
    try:
        after = observe(candidate, workload, cases, watch)
    except TargetFailed as error:
        raise WorkloadGone(str(error)) from error
    comparable = [n for n, answer in before.answers.items() if "digest" in answer]
    suspects = [n for n in comparable if after.answers.get(n, {}).get("digest") != before.answers[n]["digest"]]
    found = (
        _explain(reference, candidate, workload, cases, suspects, watch, after, tolerance) if suspects else ([], None)
    )
    dropped, text = found
    return Behaviour(
        cases=len(comparable) - len(dropped),
        fresh=sum(1 for n in comparable if n not in dropped and cases[n].fresh),
        difference=text,
        cheat=_cheat(before, after),
        lines={path: frozenset(numbers) for path, numbers in after.lines.items()},
        unseen=len(cases) - len(comparable) + len(dropped),
        opaque=any(answer.get("opaque") for answer in before.answers.values()),
    )


def _explain(
    reference: Side,
    candidate: Side,
    workload: Workload,
    cases: Sequence[Case],
    suspects: Sequence[int],
    watch: Watch,
    after: Observed,
    tolerance: float,
) -> tuple[list[int], str | None]:
    """(cases the reference does not repeat, the smallest real difference) among those whose digests differ."""
    shown = frozenset(suspects[:MOST_SHOWN])
    last = cases[: max(suspects) + 1]
    ours = observe(reference, workload, last, replace(watch, show=shown, lines={}, limits_s={}, budget_s=BUDGET_S * 3))
    first = observe(reference, workload, last, replace(watch, lines={}, limits_s={}, budget_s=BUDGET_S * 3))
    theirs = observe(candidate, workload, last, replace(watch, show=shown, lines={}))
    dropped, texts = [], []
    equal = _Equal(reference, workload, watch.hash_seed) if ours.opened and ours.opened.has_equal else None
    for number in suspects:
        mine = ours.answers.get(number, {})
        if mine.get("digest") is None or mine.get("digest") != first.answers.get(number, {}).get("digest"):
            dropped.append(number)
        elif number in shown and (text := _differs(mine, theirs, after, number, tolerance, equal)):
            call = render_call(mine["input"])
            texts.append(f"for input ({call}){_manner(cases[number])}: {text}")
    return dropped, min(texts, key=len) if texts else None


def _differs(
    mine: dict[str, Any], theirs: Observed, after: Observed, number: int, tolerance: float, equal: "_Equal | None"
) -> str | None:
    """How the candidate's call differs, in words; None where it does not."""
    before = mine["seen"]
    was = render_returned(before[-1])
    if number in after.deaths or number in theirs.deaths:
        how = after.deaths.get(number) or theirs.deaths[number]
        return f"before {was}, now the process {how.splitlines()[0]}"
    if number in theirs.failures:
        return f"before {was}, now the input cannot be made: {theirs.failures[number]}"
    answer = theirs.answers.get(number)
    if answer is None:
        return None
    if "seen" not in answer:
        return f"before {was}, now {'no answer in time' if answer.get('slow') else answer.get('unseen')}"
    for one, other in zip(before, answer["seen"], strict=False):
        if equal and one["returned"][0] == other["returned"][0] == "returned":
            found = (
                None if equal.holds(one["returned"][1], other["returned"][1]) else "equal(before, now) does not hold: "
            )
            text = f"{found}{difference(one['returned'], other['returned'])}" if found else None
        else:
            text = _in_words("", difference(one["returned"], other["returned"], tolerance))
        text = text or _in_words(
            "the arguments after the call: ", difference(one["arguments"], other["arguments"], tolerance)
        )
        if text is None and one["effects"] != other["effects"]:
            text = _effects(one["effects"], other["effects"])
        if text:
            return text
    return None


def render_returned(seen: dict[str, Any]) -> str:
    """What one observed call returned or raised, as text."""
    return render(seen["returned"])


def _in_words(what: str, found: object) -> str | None:
    return f"{what}{found}" if found else None


def _effects(one: dict[str, Any], other: dict[str, Any]) -> str:
    for name in sorted(set(one) | set(other)):
        if one.get(name) != other.get(name):
            return f"{name}: before {str(one.get(name))[:200]!r}, now {str(other.get(name))[:200]!r}"
    return "its effects differ"


def _manner(case: Case) -> str:
    words = {
        "spoiled": ", called again after the caller changed the first result in place",
        "changed": ", called again after the caller changed the arguments in place",
    }
    return words.get(case.manner, "")


def _cheat(before: Observed, after: Observed) -> str | None:
    """What the candidate's process did to itself that the reference's did not."""
    changes = [change for change in after.changes if change not in before.changes]
    if changes:
        return f"its process is not as it was: {'; '.join(changes[:3])}"
    for name, value in before.settings.items():
        if after.settings and after.settings.get(name) != value:
            return f"it changed the {name} of its process from {value} to {after.settings.get(name)}"
    if after.survivors > before.survivors:
        return f"it left {after.survivors} process(es) running behind it"
    return None


class _Equal:
    """The workload's own `equal(a, b)`, run in a process of the unchanged tree."""

    def __init__(self, reference: Side, workload: Workload, hash_seed: int) -> None:
        self._reference = reference
        self._workload = workload
        self._hash_seed = hash_seed

    def holds(self, before: Any, after: Any) -> bool:
        """Whether the two encoded outputs are equal by it; never where there is none; raises TargetFailed."""
        with self._reference.session(self._workload, hash_seed=self._hash_seed) as session:
            return session.opened.has_equal and bool(session.ask("equal", before=before, after=after)["equal"])


def outputs_agree(reference: Side, workload: Workload, before: Any, after: Any, tolerance: float) -> str | None:
    """Whether the outputs of one timed batch agree, as their workload compares them; a sentence where they do not."""
    if workload.kind is WorkloadKind.COMMAND:
        return _commands_agree(before, after)
    differing = [
        (one, other, found)
        for one, other in zip(before["outputs"], after["outputs"], strict=True)
        if (found := difference(one, other, tolerance))
    ]
    if differing:
        equal = _Equal(reference, workload, 0)
        for one, other, found in differing:
            if not (one[0] == other[0] == "returned" and equal.holds(one[1], other[1])):
                return str(found)
    for one, other in zip(before["arguments"] or (), after["arguments"] or (), strict=True):
        if found := difference(one, other, tolerance):
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
