"""`refine`, `profile_refine` and `best_of_n`: what a model is shown, what is built upon, and when a target ends."""

import math

from agent.domain import Budget, Directive, Outcome, Verdict
from agent.evidence import Guard, Timed
from agent.ledger import Ledger
from agent.policies.choose import make_policy
from agent.policies.search import Search
from benchmarks.simulated import MODEL, Answer, aims_of, candidate_of, draft_of, drive, kept
from storage.memory import MemoryArchive

NO = Verdict(outcome=Outcome.NOT_FASTER, reason="gains of 5% are ruled out")


def run(strategy: str, verdicts: list[Verdict], targets: tuple[str, ...] = ("a:f",)) -> list[Directive]:
    left = list(verdicts)

    def world(directive: Directive) -> Answer:
        texts = [f"{directive.round}.{index}" for index in range(directive.samples)]
        judged = [(draft_of(directive, {"a": text}, text), left.pop(0) if left else NO) for text in texts]
        return Answer(judged=judged)

    archive = MemoryArchive()
    policy = make_policy(strategy, Search(aims=aims_of(targets), models=(MODEL,)))
    drive(policy, archive, Ledger(Budget(candidates=100)), world, on_step=lambda: None)
    return [one.directive for one in archive.rounds()]


def test_refine_shows_the_last_attempts_and_branches_from_the_best() -> None:
    rounds = run("refine(patience=2,shown=2)", [NO, kept(1.5), NO, kept(1.2)])
    assert [one.parent.number for one in rounds] == [0, 0, 2, 2, 4, 4]
    assert [one.show for one in rounds] == [(), (1,), (2,), (2, 3), (4,), (4, 5)]
    assert all(one.views[0] == "profile" for one in rounds)


def test_refine_goes_to_the_next_target_after_attempts_that_keep_nothing() -> None:
    rounds = run("refine(patience=3)", [], ("a:f", "b:g"))
    assert [one.target for one in rounds] == ["a:f"] * 3 + ["b:g"] * 3


def test_profile_refine_takes_five_rounds_each_with_a_profile_by_line() -> None:
    rounds = run("profile_refine", [NO, kept(1.3)], ("a:f", "b:g"))
    assert [one.target for one in rounds] == ["a:f"] * 5 + ["b:g"] * 5
    assert [one.parent.number for one in rounds[:5]] == [0, 0, 2, 2, 2]
    assert all(one.views == ("lines",) for one in rounds)
    assert [one.show for one in rounds[:3]] == [(), (1,), (2,)]
    assert {one.views for one in run("profile_refine(metric=memory)", [])} == {("memory",)}
    assert {one.views for one in run("profile_refine(metric=both)", [])} == {("lines", "memory")}


def test_profile_refine_builds_upon_what_is_best_by_its_metric() -> None:
    archive = MemoryArchive()
    peaks = {1: 0.9, 2: 0.3}
    points = {1: 3.0, 2: 1.5}

    def parent(metric: str) -> int:
        policy = make_policy(f"profile_refine(metric={metric})", Search(aims=aims_of(["a:f"]), models=(MODEL,)))
        directive = policy.next(archive, Ledger(Budget()))
        assert directive
        return directive.parent.number

    sampled = make_policy("best_of_n(n=2)", Search(aims=aims_of(["a:f"]), models=(MODEL,)))
    directive = sampled.next(archive, Ledger(Budget()))
    assert directive
    archive.begin(directive)
    for number in (1, 2):
        draft = draft_of(directive, {"a": str(number)}, str(number))
        archive.add(candidate_of(draft, directive, number), kept(points[number]), [confirmed(peaks[number])])
    assert [parent(metric) for metric in ("time", "memory", "both")] == [1, 2, 2]
    assert math.log(3.0) - math.log(0.9) < math.log(1.5) - math.log(0.3)


def confirmed(peak: float) -> Timed:
    guard = Guard(name="peak memory", passed=True, detail=f"{peak} times as much", ratio=peak)
    return Timed(
        stage="confirm",
        decision="faster",
        detail="d",
        speedup=None,
        clock="cpu",
        workload="w",
        fresh=True,
        guards=(guard,),
    )


def test_best_of_n_judges_every_sample_once_a_target() -> None:
    rounds = run("best_of_n(n=5,temperature=1.1)", [NO, kept(1.2), kept(3.0), NO, NO], ("a:f", "b:g"))
    assert [(one.target, one.samples, one.every, one.temperature) for one in rounds] == [
        ("a:f", 5, True, 1.1),
        ("b:g", 5, True, 1.1),
    ]
    assert [one.show for one in rounds] == [(), ()]
