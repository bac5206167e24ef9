"""Inputs that were made up to tell versions of a target apart. They join every later comparison on that target.

The journal keeps them, so that a job that is resumed compares on them too. They are beside what a verdict rests on:
they may reject a candidate and never count for one.
"""

from collections.abc import Mapping, Sequence

from agent.domain import StepKind
from agent.kit import Kit
from tools.workload.expressions import told_workload
from tools.workload.workload import Workload


def tell(target: str, calls: Sequence[str], kit: Kit, *, model: str, round_number: int = 0) -> None:
    """Journal calls of `module:function`, those that are there already left out."""
    known = calls_in(kit).get(target, ())
    new = [call for call in dict.fromkeys(calls) if call not in known]
    if not new:
        return
    data = {"told of": target, "calls": new, "model": model}
    title = f"{len(new)} calls of {target} that {model or 'somebody'} made up join its comparisons"
    kit.journal.append(StepKind.WORKLOAD, title, data, round=round_number)


def calls_in(kit: Kit) -> Mapping[str, tuple[str, ...]]:
    """All calls so far, by target, in the order they came."""
    found: dict[str, tuple[str, ...]] = {}
    for step in kit.journal.steps(StepKind.WORKLOAD):
        if "told of" in step.data:
            target, calls = str(step.data["told of"]), step.data["calls"]
            assert isinstance(calls, list)
            found[target] = (*found.get(target, ()), *map(str, calls))
    return found


def told_in(kit: Kit) -> Mapping[str, Workload]:
    """The same as workloads."""
    found = {}
    for target, calls in calls_in(kit).items():
        module, _, qualname = target.partition(":")
        found[target] = told_workload(module, qualname, calls, kit.home)
    return found
