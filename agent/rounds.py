"""Rounds: the unit of work and of recovery. One is in flight; one that was killed begins again."""

from collections.abc import Sequence
from dataclasses import replace

from agent.domain import Directive, Step, StepKind
from agent.kit import Kit
from agent.models.gateway import worth

DIRECTION = "- "
"""How a line of a round's note begins that names a way to go."""


def unfinished(kit: Kit) -> Directive | None:
    """The directive of a round that began and did not end; None where there is none or the budget is used up."""
    if kit.ledger.exhausted:
        return None
    return next((one.directive for one in reversed(kit.archive.rounds()) if not one.ended), None)


def begin(directive: Directive, kit: Kit) -> None:
    """Remember and say that a round begins."""
    what = f"{directive.method}, {directive.phase}" if directive.phase else directive.method
    title = f"{what}: {directive.target} on candidate {directive.begins.number}"
    kit.archive.begin(directive)
    kit.journal.append(StepKind.DIRECTIVE, title, {"directive": directive.round}, round=directive.round)
    kit.progress.phase("search", f"{directive.target} on candidate {directive.begins.number}")


def end(directive: Directive, kit: Kit) -> None:
    """Remember that a round came to its end, and what its replies cost, whichever attempt paid for them.

    Time is no part of it: policies look at what rounds cost, and must decide alike when a job is run again.
    """
    number = directive.round
    entries = [one for one in kit.archive.entries() if one.candidate.round == number]
    replies = _last_attempt(kit.journal.steps(StepKind.REPLY, round=number))
    notes = _last_attempt([step for step in kit.journal.steps(StepKind.NOTE, round=number) if "session" in step.data])
    spend = replace(worth(replies), candidates=len(entries))
    kit.archive.end(number, spend, "\n".join(line for step in notes for line in _lines(step)))


def close(kit: Kit) -> None:
    """End a round that was killed and is not gone on with: the budget is used up, or nothing may be judged here."""
    for one in kit.archive.rounds():
        if not one.ended:
            end(one.directive, kit)


def directions_of(note: str) -> tuple[str, ...]:
    """The ways to go that a round's note names."""
    return tuple(line.removeprefix(DIRECTION) for line in note.splitlines() if line.startswith(DIRECTION))


def _last_attempt(steps: Sequence[Step]) -> list[Step]:
    return [step for step in steps if step.attempt == steps[-1].attempt]


def _lines(step: Step) -> list[str]:
    """How one session ended, and where it says one could go next."""
    data = step.data
    directions = data["directions"]
    assert isinstance(directions, Sequence)
    said = " ".join(str(data["summary"] or data["detail"]).split()).removeprefix(DIRECTION)
    return [said, *(f"{DIRECTION}{one}" for one in directions)]
