"""The same seed, replies and evidence give the same archive, also for a search that was killed at any step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from conversations import MODEL, TARGET
from dying import Killed, dying
from habitual import Habitual
from known_world import KNOWN
from parcels import Court
from silent import forgetful

from agent.baseline import Baseline
from agent.domain import Budget, Round, StepKind
from agent.finish import finish
from agent.kit import Kit
from agent.ledger import Ledger
from agent.models.gateway import paid_for
from agent.optimizer import search
from agent.policies.choose import make_policy
from agent.policies.search import Aim, Search
from agent.protocols import Entry
from storage.memory import MemoryJournal

CALLS = 12
STRATEGIES = ("portfolio", "refine", "best_of_n(n=3)", "perfcodegen(samples=2)", "scattered_forest(seeds=2)", "evolve")


@dataclass(frozen=True)
class World:
    """A job that may be killed and gone on with: what it remembers stays, its ledger is made anew.

    How calls are timed is worked out once for all: nothing is timed here.
    """

    court: Court
    strategy: str
    kit: Kit

    def run(self, writes: int | None) -> bool:
        """Search from what is remembered; whether it came to its end before the process was killed."""
        assert isinstance(self.kit.journal, MemoryJournal)
        self.kit.journal.attempt += 1  # as resuming a job does
        paid = paid_for(self.kit.journal.steps(StepKind.REPLY))
        before = replace(paid, candidates=len(self.kit.archive.entries()))
        job = replace(self.court.job, models=(MODEL,), budget=Budget(model_calls=CALLS, candidates=30))
        kit = replace(self.kit, ledger=Ledger(job.budget, before))
        aims = (Aim(name=TARGET, share=0.5), Aim(name="parcels:heavy", share=0.2))
        policy = make_policy(self.strategy, Search(aims=aims, models=job.models, seed=job.seed))
        try:
            kit = kit if writes is None else dying(kit, writes)
            search(job, unmeasured(self.court.baseline), policy, self.court.plans, kit, KNOWN)
        except Killed:
            return False
        return True

    @property
    def archive(self) -> tuple[Sequence[Entry], Sequence[Round]]:
        return self.kit.archive.entries(), self.kit.archive.rounds()


def unmeasured(baseline: Baseline) -> Baseline:
    """The same with times that never change: they stand in the prompt, and another question has another answer."""
    targets = sorted(baseline.targets, key=lambda target: target.name)
    return replace(
        baseline,
        suite=replace(baseline.suite, seconds=0.1),
        targets=tuple(replace(target, cumulative_share=0.2, own_share=0.1) for target in targets),
    )


def world(court: Court, strategy: str) -> World:
    return World(court, strategy, replace(forgetful(court.kit, court.job), chat=Habitual()))


@pytest.fixture(autouse=True)
def nothing_is_measured_for_the_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    """A measurement is evidence: another run has another one, and is asked something else."""
    monkeypatch.setattr("agent.prompts.opening.VIEWS", {})


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_killed_search_ends_as_one_that_was_not(court: Court, strategy: str) -> None:
    whole = world(court, strategy)
    assert whole.run(None)
    steps = len(whole.kit.journal.steps())
    assert len(whole.archive[0]) > 1
    assert any(entry.verdict.kept for entry in whole.archive[0])
    for writes in range(0, steps + len(whole.archive[0]), 1 + steps // 15):
        killed = world(court, strategy)
        assert not killed.run(writes)
        assert killed.run(None)
        assert killed.archive == whole.archive, f"killed after {writes} writes"
        asked = killed.kit.chat
        assert isinstance(asked, Habitual)
        assert asked.asked <= CALLS + 1  # at most the reply that was not yet written down


@pytest.mark.parametrize("problem", [None, "the machine is too loud"])
def test_a_round_that_is_not_gone_on_with_is_ended(court: Court, problem: str | None) -> None:
    killed = world(court, "refine")
    assert not killed.run(5)
    assert [one.ended for one in killed.archive[1]] == [False]
    used_up = Budget(candidates=0)
    finish(replace(court.job, budget=used_up), court.baseline, {}, replace(killed.kit, ledger=Ledger(used_up)), problem)
    assert [one.ended for one in killed.archive[1]] == [True]


def test_killed_again_and_again(court: Court) -> None:
    whole, killed = world(court, "refine"), world(court, "refine")
    assert whole.run(None)
    runs = 1
    while not killed.run(45):
        runs += 1
        assert runs < 200
    assert runs > 3
    assert killed.archive == whole.archive
