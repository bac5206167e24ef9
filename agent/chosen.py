"""What was chosen to measure each target on, kept in the journal: said while the job runs and read for its report."""

from agent.choice import Choice
from agent.domain import UNCHANGED, Candidate, StepKind
from agent.kit import Kit
from agent.protocols import Journal
from agent.result import Chosen


def say(kit: Kit, candidate: Candidate, choice: Choice) -> None:
    """Journal and show a choice the first time that it is made for a target; none is for the unchanged code, nor for
    what is only tried at a desk."""
    if not choice.plans or candidate.number <= UNCHANGED.number:
        return
    name = ", ".join(plan.workload.name for plan in choice.plans)
    chosen = Chosen(target=candidate.target or "the patch", workload=name, why=choice.why)
    if chosen in chosen_in(kit.journal):
        return
    data = {"target": chosen.target, "workload": chosen.workload, "why": chosen.why}
    kit.journal.append(StepKind.WORKLOAD, f"{chosen.target} is measured on {name}", data, candidate=candidate.number)
    kit.progress.note(f"{chosen.target} is measured on {name[:200]}: {choice.why}")


def chosen_in(journal: Journal) -> tuple[Chosen, ...]:
    """Every choice that a job made, in order."""
    steps = [step.data for step in journal.steps() if step.kind is StepKind.WORKLOAD and "target" in step.data]
    return tuple(
        Chosen(target=str(data["target"]), workload=str(data["workload"]), why=str(data["why"])) for data in steps
    )
