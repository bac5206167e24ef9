"""One candidate against its parent: the cascade of probes, cheapest first, until the judge has seen enough."""

from collections.abc import Callable, Sequence

from agent.bench import Bench
from agent.domain import Outcome, StepKind, Verdict
from agent.evidence import Evidence, to_json
from agent.judge import judge
from agent.probes import code, counts, equivalence, tests, timing

Probe = Callable[[Bench], Evidence]
Cascade = tuple[tuple[str, Probe], ...]

CASCADE: Cascade = (
    ("off limits?", code.off_limits),
    ("seen before?", code.seen_before),
    ("applies?", code.applies),
    ("honest?", code.honest),
    ("builds?", code.builds),
    ("impacted tests", tests.on_impacted),
    ("same at a glance?", equivalence.glance),
    ("faster at a glance?", timing.screen),
    ("same behaviour?", equivalence.same_behaviour),
    ("fewer instructions?", counts.before_confirming),
    ("faster for certain?", timing.confirm),
    ("instructions", counts.explain),
    ("tests under more hash seeds", tests.under_more_hash_seeds),
)
"""What every candidate faces."""

DELIVERY: Cascade = tuple(
    ("all tests", tests.on_everything) if probe is tests.on_impacted else (activity, probe)
    for activity, probe in CASCADE
)
"""What a delivered tree faces: the same, with the whole suite."""


def evaluate(bench: Bench, *, cascade: Cascade = CASCADE, round_number: int = 0) -> tuple[Verdict, Sequence[Evidence]]:
    """The verdict on the bench's candidate with all that was seen, journaled as it was seen."""
    candidate, kit = bench.candidate, bench.kit
    evidence = bench.seen
    evidence.clear()
    for activity, probe in cascade:
        kit.progress.candidate(candidate, activity)
        seen = probe(bench)
        evidence.append(seen)
        kit.journal.append(StepKind.EVIDENCE, activity, to_json(seen), candidate=candidate.number, round=round_number)
        if verdict := judge(evidence):
            return verdict, evidence
    missing = Verdict(outcome=Outcome.INCONCLUSIVE, reason="the cascade ended without enough evidence to keep it")
    return missing, evidence


def evaluate_and_remember(bench: Bench, *, cascade: Cascade = CASCADE, round_number: int = 0) -> Verdict:
    """`evaluate`, with the verdict in the journal, the archive and before whoever watches."""
    candidate, kit = bench.candidate, bench.kit
    verdict, evidence = evaluate(bench, cascade=cascade, round_number=round_number)
    title = f"candidate {candidate.number}: {verdict.outcome} — {verdict.reason}"
    data = {"outcome": str(verdict.outcome), "reason": verdict.reason}
    kit.journal.append(StepKind.VERDICT, title, data, candidate=candidate.number, round=round_number)
    kit.archive.add(candidate, verdict, evidence)
    kit.ledger.charge_candidate()
    kit.progress.verdict(candidate, verdict)
    kit.progress.spent(kit.ledger.spend)
    return verdict
