"""Workloads that a model wrote for targets, kept in the journal: a job that is resumed has them, and asks no more."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.domain import StepKind
from agent.kit import Kit
from agent.result import WorkloadSummary
from tools.workload.workload import Workload, WorkloadKind, text_of, text_workload


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One file that a model handed in for a target."""

    target: str
    text: str
    model: str
    reason: str | None
    """Why it was rejected; None where it was accepted."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """An accepted one."""

    workload: Workload
    model: str


def remember_attempt(attempt: Attempt, kit: Kit, *, round_number: int) -> None:
    """Journal one file, with its text as a blob."""
    data = {
        "written for": attempt.target,
        "text": kit.blobs.put(attempt.text.encode("utf-8", "surrogatepass")),
        "model": attempt.model,
        "reason": attempt.reason,
    }
    became = f"rejected: {attempt.reason}" if attempt.reason else "accepted"
    title = f"a workload that {attempt.model or 'a model'} wrote for {attempt.target} is {became}"
    kit.journal.append(StepKind.WORKLOAD, title[:300], data, round=round_number)
    kit.progress.note(title[:300])


def attempts_in(kit: Kit, target: str, *, round_number: int) -> tuple[Attempt, ...]:
    """What was handed in for a target within one round, whichever attempt at the round it was."""
    steps = kit.journal.steps(StepKind.WORKLOAD, round=round_number)
    return tuple(_attempt(step.data, kit) for step in steps if step.data.get("written for") == target)


def remember_asked(target: str, how: str, kit: Kit, *, round_number: int) -> None:
    """Journal that a model was asked for a target's workload, and how that ended."""
    data = {"asked for": target, "how": how}
    kit.journal.append(StepKind.WORKLOAD, f"asked for a workload for {target}: {how}"[:300], data, round=round_number)


def asked_before(target: str, kit: Kit, *, round_number: int) -> bool:
    """Whether a model was asked for it to the end in another round: the round itself does again all that it did."""
    steps = kit.journal.steps(StepKind.WORKLOAD)
    return any(step.data.get("asked for") == target and step.round != round_number for step in steps)


def written_in(kit: Kit) -> Mapping[str, Written]:
    """The accepted ones, by target."""
    found: dict[str, Written] = {}
    for step in kit.journal.steps(StepKind.WORKLOAD):
        if "written for" not in step.data:
            continue
        attempt = _attempt(step.data, kit)
        if attempt.reason is None:
            found[attempt.target] = Written(workload=workload_of(attempt, kit), model=attempt.model)
    return found


def workload_of(attempt: Attempt, kit: Kit) -> Workload:
    """The file as a workload."""
    name = f"a workload written for {attempt.target}"
    return text_workload(name, attempt.text.encode("utf-8", "surrogatepass"), kit.home, WorkloadKind.FILE)


def summaries(kit: Kit) -> tuple[WorkloadSummary, ...]:
    """What a report says of them, their text included: whoever reads it can judge what was measured."""
    return tuple(
        WorkloadSummary(
            name=one.workload.name,
            kind=str(one.workload.kind),
            fresh=True,
            detail=f"written by the model {one.model} for {target}",
            text=text_of(one.workload),
        )
        for target, one in written_in(kit).items()
    )


def _attempt(data: Mapping[str, object], kit: Kit) -> Attempt:
    reason = data["reason"]
    return Attempt(
        target=str(data["written for"]),
        text=kit.blobs.get(str(data["text"])).decode("utf-8", "surrogatepass"),
        model=str(data["model"]),
        reason=None if reason is None else str(reason),
    )
