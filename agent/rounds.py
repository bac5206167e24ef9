"""Rounds: the unit of work and of recovery. One is in flight; one that was killed begins again."""

from dataclasses import replace

from agent.domain import Directive, StepKind
from agent.kit import Kit
from agent.models.gateway import worth


def unfinished(kit: Kit) -> Directive | None:
    """The directive of a round that began and did not end; None where there is none or the budget is used up."""
    if kit.ledger.exhausted:
        return None
    return next((one.directive for one in reversed(kit.archive.rounds()) if not one.ended), None)


def begin(directive: Directive, kit: Kit) -> None:
    """Remember and say that a round begins."""
    title = f"{directive.method}: {directive.target} on candidate {directive.parent.number}"
    kit.archive.begin(directive)
    kit.journal.append(StepKind.DIRECTIVE, title, {"directive": directive.round}, round=directive.round)
    kit.progress.phase("search", f"{directive.target} on candidate {directive.parent.number}")


def end(directive: Directive, kit: Kit) -> None:
    """Remember that a round came to its end, and what its replies cost, whichever attempt paid for them.

    Time is no part of it: policies look at what rounds cost, and must decide alike when a job is run again.
    """
    number = directive.round
    entries = [one for one in kit.archive.entries() if one.candidate.round == number]
    steps = kit.journal.steps(StepKind.REPLY, round=number)
    attempt = steps[-1].attempt if steps else 0
    spend = worth(step for step in steps if step.attempt == attempt)
    kit.archive.end(number, replace(spend, candidates=len(entries)))
