"""PerfCodeGen: samples, repairs of what is broken, then refinements that never lose what is correct."""

from agent.domain import UNCHANGED, Budget, Directive, Outcome, Verdict
from agent.ledger import Ledger
from agent.policies.choose import make_policy
from agent.policies.search import Search
from benchmarks.simulated import MODEL, Answer, aims_of, draft_of, drive, kept
from storage.memory import MemoryArchive

FAILED = Verdict(outcome=Outcome.TESTS_FAILED, reason="tests/test_a.py::test_empty fails: AssertionError: [] != None")


def run(verdicts: dict[str, list[Verdict]], strategy: str = "perfcodegen(samples=3)") -> list[Directive]:
    """The rounds of a search in which each phase's samples are judged as said, one list after the other."""
    left = {phase: list(all_of) for phase, all_of in verdicts.items()}

    def world(directive: Directive) -> Answer:
        judged = []
        for index in range(directive.samples):
            text = f"{directive.round}.{index}"
            judged.append((draft_of(directive, {"a": text}, text), left[directive.phase].pop(0)))
        return Answer(judged=judged)

    archive = MemoryArchive()
    policy = make_policy(strategy, Search(aims=aims_of(["a:f"]), models=(MODEL,)))
    drive(policy, archive, Ledger(Budget()), world, on_step=lambda: None)
    return [one.directive for one in archive.rounds()]


def test_samples_first_then_the_broken_one_is_repaired_and_the_correct_ones_are_refined() -> None:
    not_faster = Verdict(outcome=Outcome.NOT_FASTER, reason="gains of 5% are ruled out")
    off_limits = Verdict(outcome=Outcome.OFF_LIMITS, reason="it changes a test")
    sample, repair, *refined = run(
        {"sample": [FAILED, off_limits, kept(1.5)], "repair": [kept(2.0)], "faster": [kept(1.2), not_faster]}
        | {"costliest": [kept(1.1), not_faster]}
    )
    assert (sample.samples, sample.every, sample.temperature, sample.parent) == (3, True, 0.7, UNCHANGED)
    assert repair.phase == "repair"
    assert (repair.start.number if repair.start else None, repair.parent) == (1, UNCHANGED)
    assert repair.show == (1,)  # its verdict names the failing test and its error
    assert {one.temperature for one in (repair, *refined)} == {0.0}
    # The repaired one, twice as fast, goes first; what is kept of it goes on, and its costliest test is shown.
    assert [(one.phase, one.begins.number) for one in refined] == [
        ("faster", 4),
        ("costliest", 5),
        ("faster", 3),
        ("costliest", 3),
    ]
    assert [one.views for one in refined] == [(), ("costliest test",)] * 2


def test_a_broken_refinement_returns_the_parent() -> None:
    rounds = run({"sample": [kept(1.5)], "faster": [FAILED], "costliest": [FAILED]}, "perfcodegen(samples=1)")
    assert [(one.phase, one.begins.number, one.parent.number) for one in rounds[1:]] == [
        ("faster", 1, 1),
        ("costliest", 1, 1),
    ]


def test_what_is_correct_but_no_faster_is_refined_against_the_unchanged_code() -> None:
    no_gain = Verdict(outcome=Outcome.NOT_FASTER, reason="gains of 5% are ruled out")
    rounds = run({"sample": [no_gain], "faster": [kept(1.3)], "costliest": [no_gain]}, "perfcodegen(samples=1)")
    assert [(one.begins.number, one.parent.number) for one in rounds] == [(0, 0), (1, 0), (2, 2)]
