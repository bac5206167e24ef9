"""The portfolio: free things first, then where most is left, by what has paid in this job."""

from agent.domain import Budget, Directive, Model, Outcome, Round, Verdict
from agent.ledger import Ledger
from agent.policies.bandit import Pull, best_first
from agent.policies.choose import make_policy
from agent.policies.portfolio import ARMS, METHOD, promising
from agent.policies.search import Aim, Search, Tried
from benchmarks.simulated import Answer, Dice, aims_of, draft_of, drive, kept
from storage.memory import MemoryArchive

SMALL = Model(name="openai:small", input_usd_per_mtok=0.1, output_usd_per_mtok=0.4)
LARGE = Model(name="openai:large", input_usd_per_mtok=10, output_usd_per_mtok=40)
NO = Verdict(outcome=Outcome.NOT_FASTER, reason="gains of 5% are ruled out")


def run(search: Search, world: object, budget: Budget | None = None, strategy: str = "portfolio") -> list[Round]:
    archive = MemoryArchive()
    drive(make_policy(strategy, search), archive, Ledger(budget or Budget()), world, on_step=lambda: None)  # type: ignore[arg-type]
    return list(archive.rounds())


def answering(verdict_of: object) -> object:
    def world(directive: Directive) -> Answer:
        judged = []
        for index in range(directive.samples):
            text = f"{directive.round}.{index}"
            judged.append((draft_of(directive, {"a": text}, text), verdict_of(directive)))  # type: ignore[operator]
        return Answer(judged=judged)

    return world


def test_the_rewriter_is_sent_to_every_target_before_a_model_is_asked() -> None:
    rounds = run(Search(aims=aims_of(["a:f", "b:g", "c:h"]), models=(SMALL,)), Dice(seed=1))
    proposers = [one.directive.proposer for one in rounds]
    first = proposers.index("session")
    assert {one.directive.target for one in rounds[:first]} == {"a:f", "b:g", "c:h"}
    assert "rewrite" not in proposers[first:]


def test_without_a_model_it_does_what_the_rewriter_does() -> None:
    search = Search(aims=aims_of(["a:f", "b:g"]))
    alone = run(search, Dice(seed=2), strategy="rewrite")
    assert [one.directive for one in run(search, Dice(seed=2))] == [one.directive for one in alone]


def test_targets_come_by_the_time_that_is_left_in_them() -> None:
    search = Search(
        aims=(Aim(name="a:f", share=0.6), Aim(name="b:g", share=0.3), Aim(name="c:h", share=0.01)),
        models=(SMALL,),
        options=METHOD.settled({}),
    )
    assert [aim.name for aim in promising(search, Tried(entries=(), rounds=()))] == ["a:f", "b:g", "c:h"]
    archive = MemoryArchive()
    world = answering(lambda directive: kept(4.0) if directive.target == "a:f" else NO)
    drive(make_policy("rewrite", search), archive, Ledger(Budget(candidates=1)), world, on_step=lambda: None)  # type: ignore[arg-type]
    # Four times faster, a:f takes 0.15 of the time that there was: less than b:g.
    assert [aim.name for aim in promising(search, Tried.of(archive))] == ["b:g", "a:f", "c:h"]


def test_a_target_that_gives_nothing_is_given_up_and_then_the_search_ends() -> None:
    rounds = run(
        Search(aims=aims_of(["a:f", "b:g"]), models=(SMALL,)), answering(lambda _: NO), Budget(candidates=1000)
    )
    for target in ("a:f", "b:g"):
        asked = [one for one in rounds if one.directive.target == target and one.directive.proposer == "session"]
        assert len(asked) == 6


def test_the_model_that_pays_is_asked_more_often() -> None:
    def verdict(directive: Directive) -> Verdict:
        return kept(1.05) if directive.model == "openai:good" else NO

    models = (Model(name="openai:good"), Model(name="openai:poor", weight=2.0))
    search = Search(aims=aims_of([f"m{index}:f" for index in range(8)]), models=models)
    budget = Budget(candidates=10_000, model_calls=1000, tokens=10**9)
    asked = [one.directive.model for one in run(search, answering(verdict), budget) if one.directive.model]
    assert asked[0] == "openai:poor"  # before anything is known, by weight
    later = asked[10:]
    assert later.count("openai:good") > 2 * later.count("openai:poor")


def test_every_method_gets_a_chance_and_the_one_that_pays_more() -> None:
    def verdict(directive: Directive) -> Verdict:
        return kept(1.02) if directive.method == "refine" else NO

    search = Search(aims=aims_of([f"m{index}:f" for index in range(6)]), models=(SMALL,))
    budget = Budget(candidates=10_000, model_calls=800, tokens=10**9, usd=1000)
    asked = [one.directive.method for one in run(search, answering(verdict), budget) if one.directive.model]
    assert set(asked) == set(ARMS)
    assert asked.count("refine") > len(asked) / 2


def test_a_dollar_counts_for_what_it_buys() -> None:
    pulls = [Pull(arm="dear", reward=0.4, cost=2.0), Pull(arm="cheap", reward=0.3, cost=0.1)]
    assert best_first({"dear": 1.0, "cheap": 1.0}, pulls, 0.5) == ["cheap", "dear"]


def test_an_arm_that_was_seldom_pulled_comes_back() -> None:
    pulls = [Pull(arm="one", reward=0.1, cost=1.0)] * 30 + [Pull(arm="other", reward=0.0, cost=1.0)]
    assert best_first({"one": 1.0, "other": 1.0}, pulls, 0.5) == ["other", "one"]
    assert best_first({"one": 1.0, "other": 1.0}, pulls[:4] + pulls[-1:], 0.5) == ["one", "other"]
