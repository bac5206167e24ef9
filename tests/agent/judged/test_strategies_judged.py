"""Every strategy on a real project with a scripted model over a socket, judged for real: it ends in a kept diff.

Strategies differ in what they propose, not in how it is judged: what a strategy before saw of the same edit is not
measured again.
"""

import pytest
from conversations import TARGET, asked, broken, give_up, good, repaired
from parcels import Court

from agent.domain import Origin, Outcome, StepKind
from agent.evaluate import Cascade
from agent.models.script import Entry
from agent.optimizer import search
from agent.policies.choose import METHODS, make_policy

SESSIONS: dict[str, list[Entry]] = {
    "portfolio": good(),
    "refine": good(),
    "best_of_n(n=2)": [*broken(), *good()],
    "perfcodegen(samples=1)": [*broken(), *repaired()],
    "profile_refine": good(),
    "scattered_forest": good(),
    "evolve": good(),
}
WITHOUT_A_MODEL = {"rewrite"}


def test_every_strategy_is_tried() -> None:
    assert {name.partition("(")[0] for name in SESSIONS} | WITHOUT_A_MODEL == set(METHODS)


@pytest.mark.parametrize("strategy", SESSIONS)
def test_it_ends_in_a_diff_that_was_judged(court: Court, cascade: Cascade, strategy: str) -> None:
    entries = [*SESSIONS[strategy], give_up()]
    with asked(court, entries) as on:
        search(on.job, court.baseline, make_policy(strategy, on.search), court.plans, on.kit, cascade)
    found = on.kit.archive.entries()
    kept = [entry for entry in found if entry.verdict.kept]
    assert [entry.candidate.origin for entry in kept] == [Origin.MODEL], [str(entry.verdict) for entry in found]
    assert kept[0].candidate.target == TARGET
    assert kept[0].candidate.author == "openai:scripted"
    assert kept[0].verdict.speedup is not None
    assert kept[0].verdict.speedup.low > 1.2
    others = {entry.verdict.outcome for entry in found if not entry.verdict.kept}
    assert others <= {Outcome.TESTS_FAILED, Outcome.DUPLICATE}
    asked_for = len(on.kit.journal.steps(StepKind.REPLY))
    assert len(SESSIONS[strategy]) <= asked_for <= len(entries)  # a strategy may end before it is given up
    assert on.kit.ledger.spend.model_calls == asked_for
    assert on.kit.ledger.spend.usd > 0
