"""The end of a job: kept diffs are minimised, combined, and the delivered tree is confirmed against candidate 0."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.baseline import Baseline
from agent.bench import Bench, Plans
from agent.calibration import remembered
from agent.chosen import chosen_in
from agent.delivered import profile_delivered
from agent.domain import UNCHANGED, Candidate, Job, Origin, StepKind
from agent.evaluate import DELIVERY, evaluate_and_remember
from agent.kit import Kit
from agent.minimise import minimise
from agent.numbering import numbered
from agent.playbook.mining import learn
from agent.probes.tests import on_everything
from agent.protocols import Draft, Entry, Selector
from agent.result import BaselineSummary, Combined, JobResult, Stacked
from agent.rounds import close
from agent.selectors.choose import make_selector
from agent.stack import stack
from agent.written import summaries
from tools.git.patch import Conflict, combine, parse_patch

NO_TARGETS = "no function takes a share of the time that could be seen; --workload or --bench names what to measure"
BenchOf = Callable[[Candidate, Candidate], Bench]
"""(parent, candidate) to the bench of both."""


def finish(job: Job, baseline: Baseline, plans: Plans, kit: Kit, problem: str | None) -> JobResult:
    """Sum the job up; `problem` says why there was no search, where there was none."""

    def bench(parent: Candidate, candidate: Candidate) -> Bench:
        return Bench(kit=kit, job=job, baseline=baseline, parent=parent, candidate=candidate, plans=plans)

    close(kit)
    # Of the search; what follows takes time too.
    spent = kit.ledger.exhausted or (kit.ledger.models_exhausted if kit.chat else None)
    ended = problem or spent or ("every target was tried" if baseline.targets else NO_TARGETS)
    entries = kit.archive.entries()
    delivered = [deliver(leaf, entries, bench, kit) for leaf in leaves(entries)]
    delivered = [one for one in delivered if one.verdict.kept]  # what one grew from may have been rejected by a person
    kept = in_order(delivered, make_selector(job, baseline, plans, kit))
    combined = combine_kept(kept, bench, kit) if kept else None
    if combined and combined.patch:
        profile_delivered(combined, bench, kit)
    done = kit.journal.append(
        StepKind.FINISH, f"{len(kept)} kept; {ended}", {"kept": [entry.candidate.number for entry in kept]}
    )
    learn(kept, combined, {one.candidate.number: bench(UNCHANGED, one.candidate) for one in kept}, kit, done.at)
    return JobResult(
        job=replace(job, goal=baseline.goal),
        snapshot=baseline.snapshot,
        machine=kit.machine(),
        recipe_notes=(*baseline.recipe.notes, *baseline.environment.notes),
        baseline=_summary(baseline, kit),
        entries=kit.archive.entries(),
        kept=kept,
        combined=combined,
        spend=kit.ledger.spend,
        ended=ended,
        calibration=remembered(kit.journal),
        chosen=chosen_in(kit.journal),
    )


def _summary(baseline: Baseline, kit: Kit) -> BaselineSummary:
    """Of the unchanged code, and of the workloads that a model wrote for it."""
    found = baseline.summary()
    return replace(found, workloads=(*found.workloads, *summaries(kit)))


def leaves(entries: Sequence[Entry]) -> list[Entry]:
    """Kept candidates that nothing kept builds upon; what finishing made itself is not among them.

    A crossover was judged against its first parent alone: the second one may still be the faster of both.
    """
    kept = [entry for entry in entries if entry.verdict.kept and entry.candidate.origin is not Origin.FINISH]
    parents = {entry.candidate.parents[0] for entry in kept if entry.candidate.parents}
    return [entry for entry in kept if entry.candidate.number not in parents]


def in_order(kept: Sequence[Entry], selector: Selector) -> list[Entry]:
    """Kept candidates as the selector picks them, one after the other; without those that it leaves."""
    left, ordered = list(kept), list[Entry]()
    while candidate := selector.pick(left):
        chosen = next(entry for entry in left if entry.candidate.number == candidate.number)
        left.remove(chosen)
        ordered.append(chosen)
    return ordered


def deliver(leaf: Entry, entries: Sequence[Entry], bench: BenchOf, kit: Kit) -> Entry:
    """A kept candidate in its smallest form, judged against the unchanged code; where that fails, what it grew from."""
    candidate = leaf.candidate
    kit.progress.phase("finish", f"candidate {candidate.number}: does every hunk pay?")
    patch = minimise(candidate, bench, kit)
    if patch == candidate.patch and candidate.parents[:1] == (UNCHANGED.number,):
        return leaf
    draft = Draft(patch=patch, summary=candidate.summary, origin=Origin.FINISH, target=candidate.target)
    whole = numbered(draft, (candidate.number,), kit)
    evaluate_and_remember(bench(UNCHANGED, whole))
    judged = _entry(kit, whole)
    return judged if judged.verdict.kept else _root(leaf, entries)


def combine_kept(ordered: Sequence[Entry], bench: BenchOf, kit: Kit) -> Combined:
    """One patch of everything kept that fits together, with the full suite and a fresh confirmation of its own.

    What comes first is preferred where several change the same lines.
    """
    if len(ordered) == 1:
        return _alone(ordered[0], bench, kit, "the one kept diff")
    kit.progress.phase("finish", "everything kept, together")
    tree = bench(UNCHANGED, UNCHANGED).baseline.snapshot.tree
    chosen = [ordered[0]]
    left_out: list[Entry] = []
    for entry in ordered[1:]:
        merged = combine(tree, [parse_patch(one.candidate.patch) for one in (*chosen, entry)])
        (left_out if isinstance(merged, Conflict) else chosen).append(entry)
    if len(chosen) == 1:
        return _alone(chosen[0], bench, kit, "the others change the same lines")
    merged = combine(tree, [parse_patch(one.candidate.patch) for one in chosen])
    assert not isinstance(merged, Conflict)
    numbers = tuple(entry.candidate.number for entry in chosen)
    summary = f"candidates {', '.join(str(number) for number in numbers)} together"
    candidate = numbered(Draft(patch=merged.text, summary=summary, origin=Origin.FINISH), numbers, kit)
    together = bench(UNCHANGED, candidate)
    verdict = evaluate_and_remember(together, cascade=DELIVERY)
    if not verdict.kept:
        why = f"together they are {verdict.outcome}: {verdict.reason}"
        return _alone(chosen[0], bench, kit, why)
    detail = verdict.reason
    if left_out:
        detail += f"; without {', '.join(str(one.candidate.number) for one in left_out)}, which change the same lines"
    return Combined(
        patch=merged.text,
        speedup=verdict.speedup,
        workload=", ".join(plan.workload.name for plan in together.timed),
        detail=detail,
        candidates=numbers,
        stack=stack(chosen, merged, bench, kit),
    )


def _alone(entry: Entry, bench: BenchOf, kit: Kit, detail: str) -> Combined:
    """One kept diff as what is delivered; it was confirmed against the unchanged code, and now faces every test."""
    alone = bench(UNCHANGED, entry.candidate)
    kit.progress.phase("finish", "the full test suite on what is delivered")
    tested = on_everything(alone)
    passed = not tested.problems
    return Combined(
        patch=entry.candidate.patch if passed else "",
        speedup=entry.verdict.speedup if passed else None,
        workload=", ".join(plan.workload.name for plan in alone.timed),
        detail=detail if passed else f"nothing is delivered: {tested.problems[0]}",
        candidates=(entry.candidate.number,) if passed else (),
        stack=(Stacked(candidates=(entry.candidate.number,), patch=entry.candidate.patch, tested=tested),)
        if passed
        else (),
    )


def _root(leaf: Entry, entries: Sequence[Entry]) -> Entry:
    """The kept ancestor of a candidate that was itself judged against the unchanged code."""
    by_number = {entry.candidate.number: entry for entry in entries}
    entry = leaf
    while entry.candidate.parents[0] != UNCHANGED.number:
        entry = by_number[entry.candidate.parents[0]]
    return entry


def _entry(kit: Kit, candidate: Candidate) -> Entry:
    return next(entry for entry in kit.archive.entries() if entry.candidate.number == candidate.number)
