"""How kept diffs stack: which of them put together make a tree that was judged, from the first to what is delivered."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from agent.bench import Bench
from agent.domain import UNCHANGED, Candidate, Origin, StepKind
from agent.evidence import Compared, Tested, to_json
from agent.judge import judge
from agent.kit import Kit
from agent.numbering import numbered
from agent.probes import code, equivalence, tests
from agent.protocols import Draft, Entry
from agent.result import Stacked
from tools.git.patch import Conflict, Patch, combine, parse_patch

Kind = TypeVar("Kind", Tested, Compared)


def stack(
    chosen: Sequence[Entry], delivered: Patch, bench: Callable[[Candidate, Candidate], Bench], kit: Kit
) -> tuple[Stacked, ...]:
    """The steps from the first kept diff to all of them, each tree judged; `delivered` is the last one.

    The first was judged by itself and the last one as a whole. Those between face the tests and the comparison here,
    where somebody wants them and while there is time; one that fails, or comes too late, is no step, and its diff
    belongs to the next.
    """
    first, *_ = chosen
    steps = [
        Stacked(
            candidates=(first.candidate.number,),
            patch=first.candidate.patch,
            tested=_last(first, Tested),
            compared=_last(first, Compared),
        )
    ]
    pending: list[int] = []
    for count, entry in enumerate(chosen[1:], start=2):
        pending.append(entry.candidate.number)
        if count == len(chosen):
            steps.append(Stacked(candidates=tuple(pending), patch=delivered.text))
        elif step := _between(chosen[:count], tuple(pending), bench, kit):
            steps.append(step)
            pending = []
    return tuple(steps)


def _between(
    below: Sequence[Entry], added: tuple[int, ...], bench: Callable[[Candidate, Candidate], Bench], kit: Kit
) -> Stacked | None:
    """The tree of the first few kept diffs; None where it was not shown to be as good as its parts."""
    if not kit.stacked or kit.ledger.left_s <= 0:
        return None
    tree = bench(UNCHANGED, UNCHANGED).baseline.snapshot.tree
    merged = combine(tree, [parse_patch(entry.candidate.patch) for entry in below])
    if isinstance(merged, Conflict):
        return None
    numbers = tuple(entry.candidate.number for entry in below)
    summary = f"candidates {', '.join(map(str, numbers))} together, a step to all of them"
    candidate = numbered(Draft(patch=merged.text, summary=summary, origin=Origin.FINISH), numbers, kit)
    there = bench(UNCHANGED, candidate)
    for activity, probe in (
        ("builds?", code.builds),
        ("impacted tests", tests.on_impacted),
        ("same behaviour?", equivalence.same_behaviour),
    ):
        kit.progress.candidate(candidate, activity)
        seen = probe(there)
        there.seen.append(seen)
        kit.journal.append(StepKind.EVIDENCE, activity, to_json(seen), candidate=candidate.number)
        if judge(there.seen):
            return None
    *_, tested, compared = there.seen
    assert isinstance(tested, Tested)
    assert isinstance(compared, Compared)
    return Stacked(candidates=added, patch=merged.text, tested=tested, compared=compared)


def _last(entry: Entry, kind: type[Kind]) -> Kind | None:
    return next((seen for seen in reversed(entry.evidence) if isinstance(seen, kind)), None)
