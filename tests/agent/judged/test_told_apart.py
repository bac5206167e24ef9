"""Inputs made to tell candidates apart: what differs on them is rejected, and they join what is compared later."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from parcels import MODULE, Court
from silent import forgetful

from agent.baseline import Baseline
from agent.bench import Bench
from agent.domain import UNCHANGED, Candidate, Model, Origin, Outcome, StepKind, Verdict
from agent.evidence import Compared
from agent.finish import in_order
from agent.ledger import Ledger
from agent.models.player import Player, ScriptedChat
from agent.models.script import Entry as Scripted
from agent.models.script import call, say
from agent.numbering import numbered
from agent.probes.equivalence import glance, same_behaviour
from agent.protocols import Draft, Entry
from agent.selectors.choose import make_selector
from agent.telling import calls_in, tell
from tools.git.patch import make_patch
from tools.measure.estimate import Estimate

MODEL = Model(name="scripted:one", input_usd_per_mtok=1.0, output_usd_per_mtok=2.0)
ZONE = "    total = 0\n    for step in range(300):\n        total += number * step % 7\n    return total\n"
RIGHT = "    return sum([number * step % 7 for step in range(300)])\n"
WRONG = f"    if number * number % 1000003 == 447953:\n        return 3\n{RIGHT}"
"""Wrong for 12347 and hardly any other number; none of its constants says so."""
SPECIAL = "zone(12347)"
SLIGHTLY_OFF = "    return sum([number * step % 7 for step in range(300)]) * 1.000005\n"


def names(*calls: str) -> Scripted:
    """A reply that names inputs."""
    return say("", call("tell_apart", calls=list(calls)))


class Jury:
    """A job of its own on the shared project, with candidates that were kept."""

    def __init__(self, court: Court, *script: Scripted, tolerance: float = 0.0) -> None:
        self.chat = ScriptedChat(Player(script, "a test's script"))
        self.job = replace(court.job, models=(MODEL,), selector="distinguish")
        self.kit = replace(forgetful(court.kit, self.job), chat=self.chat, ledger=Ledger(self.job.budget))
        recipe = replace(court.baseline.recipe, float_tolerance=tolerance)
        self.baseline: Baseline = replace(court.baseline, recipe=recipe)
        self.plans = court.plans

    def candidate(self, body: str) -> Candidate:
        assert ZONE in MODULE
        patch = make_patch({"parcels.py": MODULE.encode()}, {"parcels.py": MODULE.replace(ZONE, body).encode()})
        return numbered(
            Draft(patch=patch, summary="a test's", origin=Origin.MODEL, target="parcels:zone"), (0,), self.kit
        )

    def bench(self, candidate: Candidate) -> Bench:
        return Bench(
            kit=self.kit,
            job=self.job,
            baseline=self.baseline,
            parent=UNCHANGED,
            candidate=candidate,
            plans=self.plans,
        )

    def kept(self, body: str, gain: float) -> Entry:
        speedup = Estimate(point=gain, low=gain - 0.1, high=gain + 0.1, level=0.95, pairs=15)
        verdict = Verdict(outcome=Outcome.KEPT, reason="a test's", speedup=speedup)
        entry = Entry(candidate=self.candidate(body), verdict=verdict, evidence=(Compared(cases=9, fresh=9),))
        self.kit.archive.add(entry.candidate, entry.verdict, entry.evidence)
        return entry

    def order(self, entries: Sequence[Entry]) -> list[int]:
        selector = make_selector(self.job, self.baseline, self.plans, self.kit)
        return [entry.candidate.number for entry in in_order(entries, selector)]


def test_an_input_that_was_found_catches_what_the_standard_ones_let_through(court: Court) -> None:
    jury = Jury(court)
    wrong = jury.candidate(WRONG)
    assert same_behaviour(jury.bench(wrong)).difference is None
    tell("parcels:zone", [SPECIAL], jury.kit, model="scripted:one")
    seen = same_behaviour(jury.bench(wrong))
    assert "12347" in str(seen.difference)
    assert seen.difference == glance(jury.bench(wrong)).difference
    assert glance(jury.bench(jury.candidate(RIGHT))).difference is None


def test_the_wrong_one_of_two_is_rejected_with_its_input_however_fast(court: Court) -> None:
    jury = Jury(court, names("zone(0)", "import os", "zone(__import__('os'))", SPECIAL))
    wrong, right = jury.kept(WRONG, 3.0), jury.kept(RIGHT, 1.5)
    assert jury.order([wrong, right]) == [right.candidate.number]
    assert calls_in(jury.kit) == {"parcels:zone": ("zone(0)", SPECIAL)}
    again = jury.kit.archive.entries()[-1]
    assert again.candidate.parents == (wrong.candidate.number,)
    assert again.verdict.outcome is Outcome.NOT_EQUIVALENT
    assert "12347" in again.verdict.reason
    assert jury.kit.ledger.spend.model_calls == 1


def test_a_lone_wrong_candidate_loses(court: Court) -> None:
    jury = Jury(court, names(SPECIAL))
    assert jury.order([jury.kept(WRONG, 3.0)]) == []


def test_a_model_that_finds_nothing_leaves_the_faster_one_first(court: Court) -> None:
    jury = Jury(court, say("They are all the same."))
    slow, fast = jury.kept(RIGHT, 1.5), jury.kept(WRONG, 3.0)
    assert jury.order([slow, fast]) == [fast.candidate.number, slow.candidate.number]


def test_a_dead_budget_leaves_the_faster_one_first_and_says_so(court: Court) -> None:
    jury = Jury(court)
    jury.kit.ledger.budget = replace(jury.job.budget, model_calls=0)
    slow, fast = jury.kept(RIGHT, 1.5), jury.kept(WRONG, 3.0)
    assert jury.order([slow, fast]) == [fast.candidate.number, slow.candidate.number]
    notes = [step.title for step in jury.kit.journal.steps(StepKind.NOTE)]
    assert any("0 model calls is used up" in note for note in notes)


@pytest.mark.parametrize(
    ("answers", "winner"),
    [(("X", "X"), 0), (("Y", "Y"), 0), (("Y", "X"), 1), (("NEITHER", "X"), 0)],
    ids=["always the first shown", "always the second shown", "the slower in both orders", "only once"],
)
def test_where_the_truth_is_silent_a_win_counts_in_both_orders_alone(
    court: Court, answers: tuple[str, str], winner: int
) -> None:
    """Floats within the tolerance: the unchanged code tells neither from itself."""
    told = names("zone(0.5)", "zone(2.25)").when(contains="Edit 2: a test's")
    jury = Jury(
        court, told, *(say(f"I looked at both.\n{answer}").when(last="X: ") for answer in answers), tolerance=1e-4
    )
    entries = [jury.kept(SLIGHTLY_OFF, 3.0), jury.kept(RIGHT, 1.5)]
    assert jury.order(entries)[0] == entries[winner].candidate.number
    assert jury.chat.player.problem() == ""
    requests = [step.data["request"] for step in jury.kit.journal.steps(StepKind.REPLY)]
    assert len(set(requests)) == 3, "both orders are asked"
