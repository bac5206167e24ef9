"""Workloads that a model writes: accepted where they hold what is asked, used to judge, and asked for once."""

from dataclasses import replace

import pytest
from parcels import MODULE, Court
from silent import forgetful

from agent.bench import Bench
from agent.chosen import chosen_in
from agent.domain import UNCHANGED, Directive, Model, Origin, Outcome, StepKind
from agent.evaluate import evaluate
from agent.evidence import Compared
from agent.kit import Kit
from agent.ledger import Ledger
from agent.models.gateway import Gateway
from agent.models.player import Player, ScriptedChat
from agent.models.script import Entry, call, say
from agent.numbering import numbered
from agent.probes.equivalence import same_behaviour
from agent.protocols import Draft
from agent.session.authoring import Author, ensure_workload, write_for
from agent.written import summaries, written_in
from tools.git.patch import make_patch

MODEL = Model(name="scripted:one", input_usd_per_mtok=1.0, output_usd_per_mtok=2.0)
GOOD = """import random

from parcels import common

sizes = (40, 400)


def make_input(seed, size):
    rng = random.Random(seed)
    left = [f"P{rng.randrange(2 * size)}" for _ in range(size)]
    return left, rng.sample(left, size // 2) + ["none"]


def run(made):
    return common(*made)
"""
SORTED = '    return left, rng.sample(left, size // 2) + ["none"]\n'
BAD = {
    "not Python": ("sizes = (40, 400)", "sizes = (40, 400", "it is not Python"),
    "one size": ("(40, 400)", "(40,)", "two or more growing positive numbers"),
    "an equal of its own": ("def run(", "def equal(a, b):\n    return True\n\n\ndef run(", "must not define `equal`"),
    "a look at the code": ("import random\n", "import inspect\nimport random\n", "must not import `inspect`"),
    "a look at the module": ("common(*made)", "common(*made) if hasattr(common, 'x') else 0", "not use `hasattr`"),
    "the order of a set": ("return left, rng", "left = list(set(left))\n    return left, rng", "repeat itself"),
    "another function": ("return common(*made)", "return sorted(made[0])", "does not reach the target"),
    "the same for every seed": ("random.Random(seed)", "random.Random(7)", "do not differ by seed"),
    "a result thrown away": ("return common(*made)", "common(*made)\n    return made[0]", "not the target's"),
    "errors": ("common(*made)", "common(len(made[0]), made[1] + made[0])", "raise an error"),
    "no growth": ('for _ in range(size)]\n', 'for _ in range(90)]\n    size = 90\n', "does not grow with size"),
}  # fmt: skip


def writes(text: str) -> Entry:
    """A reply that hands a file in."""
    return say("", call("write_workload", text=text))


class Desk:
    """A job of its own on the shared project, in which no call was recorded."""

    def __init__(self, court: Court, *script: Entry) -> None:
        job = replace(court.job, models=(MODEL,))
        self.chat = ScriptedChat(Player(script, "a test's script"))
        self.kit: Kit = replace(forgetful(court.kit, job), chat=self.chat, ledger=Ledger(job.budget))
        self.job, self.plans = job, court.plans
        self.baseline = replace(court.baseline, recorded={}, benchmarks=())

    def directive(self, number: int = 1) -> Directive:
        return Directive(
            round=number,
            parent=UNCHANGED,
            proposer="session",
            target="parcels:common",
            method="refine",
            model=MODEL.name,
        )

    def author(self) -> Author:
        return Author(job=self.job, baseline=self.baseline, plans=self.plans, kit=self.kit, directive=self.directive())

    def ensure(self, number: int = 1) -> None:
        gateway = Gateway(self.chat, self.job.models, self.kit.journal, self.kit.ledger, round=number)
        ensure_workload(self.directive(number), self.job, self.baseline, self.plans, self.kit, gateway)

    def bench(self, old: str, new: str) -> Bench:
        assert old in MODULE
        patch = make_patch({"parcels.py": MODULE.encode()}, {"parcels.py": MODULE.replace(old, new).encode()})
        draft = Draft(patch=patch, summary="a test's", origin=Origin.MODEL, target="parcels:common")
        candidate = numbered(draft, (0,), self.kit)
        return Bench(
            kit=self.kit,
            job=self.job,
            baseline=self.baseline,
            parent=UNCHANGED,
            candidate=candidate,
            plans=self.plans,
        )


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_worth_measuring_is_rejected_with_the_reason(court: Court, name: str) -> None:
    old, new, reason = BAD[name]
    assert GOOD.count(old) >= 1
    assert reason in str(Desk(court).author().judged(GOOD.replace(old, new, 1)))


def test_a_rejected_file_is_mended_and_then_judges(court: Court) -> None:
    wrong = GOOD.replace("return common(*made)", "return sorted(made[0])")
    mended = writes(GOOD).when(last="does not reach the target: parcels:common is not run by it")
    desk = Desk(court, say("let me think"), writes(wrong).when(last="Call `write_workload`"), mended)
    desk.ensure()
    assert desk.chat.player.problem() == ""
    assert desk.kit.ledger.spend.model_calls == 3
    reasons = [step.data["reason"] for step in desk.kit.journal.steps(StepKind.WORKLOAD) if "reason" in step.data]
    assert [reason is None for reason in reasons] == [False, True]

    bench = desk.bench("        if item in right:\n", "        if item in right[:]:\n")
    assert [plan.workload.name for plan in bench.timed] == ["a workload written for parcels:common"]
    (chosen,) = chosen_in(desk.kit.journal)
    assert "written by the model scripted:one" in chosen.why
    (summary,) = summaries(desk.kit)
    assert summary.text == GOOD

    wrong_edit = desk.bench("    found = []\n    for item in left:", "    found = []\n    for item in left[:300]:")
    verdict, _ = evaluate(wrong_edit)
    assert verdict.outcome is Outcome.NOT_EQUIVALENT, verdict.reason


def test_three_rejections_end_it_and_no_other_round_asks_again(court: Court) -> None:
    desk = Desk(court, *(writes(f"# {n}\n{GOOD}equal = 1 +") for n in range(3)))
    desk.ensure()
    assert not written_in(desk.kit)
    desk.ensure(2)
    assert desk.chat.player.problem() == ""
    assert len(desk.kit.journal.steps(StepKind.REPLY)) == 3


def test_a_round_that_was_killed_after_it_asks_nobody_again(court: Court) -> None:
    desk = Desk(court, writes(GOOD))
    desk.ensure()
    before = desk.kit.ledger.spend
    desk.ensure()
    assert desk.chat.player.problem() == ""
    assert desk.kit.ledger.spend.tokens == before.tokens
    steps = desk.kit.journal.steps(StepKind.REPLY, round=1)
    assert [step.data["repeated"] for step in steps] == [False, True]
    assert written_in(desk.kit).keys() == {"parcels:common"}


def test_a_target_with_recorded_calls_needs_none(court: Court) -> None:
    desk = Desk(court)
    desk.baseline = court.baseline
    assert not desk.author().wanted


def test_what_was_written_is_said_in_the_evidence(court: Court) -> None:
    desk = Desk(court, writes(GOOD))
    desk.ensure()
    faster = desk.bench(
        "    found = []\n    for item in left:\n        if item in right:",
        "    found = []\n    known = set(right)\n    for item in left:\n        if item in known:",
    )
    seen = same_behaviour(faster)
    assert isinstance(seen, Compared)
    assert seen.difference is None
    assert seen.fresh > 20
    assert any("which the model scripted:one wrote" in caveat for caveat in seen.caveats)


def test_a_file_is_written_outside_of_a_search_too(court: Court) -> None:
    desk = Desk(court, writes("run = 1"), writes(GOOD))
    (target,) = (one for one in desk.baseline.targets if one.name == "parcels:common")
    assert write_for(desk.job, replace(desk.baseline, targets=(target,)), desk.kit, MODEL.name) == GOOD
