"""A ranker says who is judged first; it never decides anything."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from silent import silent_job

from agent.baseline import Baseline
from agent.bench import Bench
from agent.domain import Candidate, Directive, Origin, Outcome
from agent.evidence import Evidence, Tested
from agent.optimizer import run_round
from agent.policies.choose import ranker_of
from agent.protocols import Draft
from agent.ranking import AsTheyCome, Ranker, SmallFirst, ranked
from tools.errors import UserError
from tools.git.patch import make_patch
from tools.git.snapshot import Snapshot

BEFORE = "".join(f"line{index} = {index}\n" for index in range(40))


def draft(text: str) -> Draft:
    patch = make_patch({"a.py": BEFORE.encode()}, {"a.py": (BEFORE + text).encode()})
    return Draft(patch=patch, summary=text, origin=Origin.MODEL)


class Listed:
    """A ranker that answers with a list."""

    def __init__(self, *order: int) -> None:
        self._order = order

    def order(self, drafts: Sequence[Draft]) -> Sequence[int]:
        del drafts
        return self._order


@given(order=st.lists(st.integers(-5, 9), max_size=12), count=st.integers(0, 6))
def test_nothing_is_dropped_or_judged_twice(order: list[int], count: int) -> None:
    drafts = [draft(f"x = {index}\n") for index in range(count)]
    found = ranked(drafts, Listed(*order))
    assert sorted(found, key=lambda one: one.summary) == drafts
    named = [drafts[index] for index in dict.fromkeys(order) if 0 <= index < count]
    assert found[: len(named)] == named


def test_small_edits_with_shallow_loops_come_first() -> None:
    flat_long = draft("def f():\n    return 1\n" + "y = 2\n" * 5)
    nested = draft("for a in b:\n    for c in a:\n        d()\n")
    one_loop = draft("for a in b:\n    c()\nfor a in b:\n    c()\n")
    small = draft("z = 1\n")
    assert ranked([nested, one_loop, flat_long, small], SmallFirst()) == [small, flat_long, one_loop, nested]
    unreadable = replace(small, patch="@@ nonsense")
    assert len(ranked([unreadable, small], SmallFirst())) == 2


def verdicts(folder: Path, ranker: Ranker) -> dict[str, tuple[int, Outcome, str]]:
    """A round that judges every draft: by patch, its place and its verdict."""
    tree = folder / "tree"
    tree.mkdir(parents=True)
    (tree / "a.py").write_text(BEFORE)
    job, kit = silent_job(tree, folder / "home", {})
    kit = replace(kit, ranker=ranker)
    baseline = cast(Baseline, SimpleNamespace(snapshot=Snapshot(source="x", commit="c" * 40, tree=tree)))
    parents = []
    for number, changed in ((1, (3, 20)), (2, (3, 30))):
        after = BEFORE
        for line in changed:
            after = after.replace(f"line{line} = {line}\n", f"line{line} = {number}00\n")
        patch = make_patch({"a.py": BEFORE.encode()}, {"a.py": after.encode()})
        parents.append(Candidate(number=number, patch=patch, parents=(0,), origin=Origin.MODEL, summary="s"))
    directive = Directive(
        round=1,
        parent=parents[0],
        partner=parents[1],
        proposer="crossover",
        target="a:f",
        method="evolve",
        samples=2,
        every=True,
    )

    def probe(bench: Bench) -> Evidence:
        problems = ("tests/test_a.py::test_a fails",) if "line3 = 100" in bench.candidate.patch else ()
        return Tested(passed=1, failed=0, flaky=0, scope="full", hash_seeds=(0,), problems=problems)

    run_round(job, baseline, directive, {}, kit, (("tests", probe),))
    entries = kit.archive.entries()
    assert [entry.candidate.parents for entry in entries] == [(1, 2)] * len(entries)
    return {
        entry.candidate.patch: (place, entry.verdict.outcome, entry.verdict.reason)
        for place, entry in enumerate(entries)
    }


def test_ranking_never_changes_a_verdict(tmp_path: Path) -> None:
    as_they_come = verdicts(tmp_path / "one", AsTheyCome())
    reversed_order = verdicts(tmp_path / "two", Listed(1, 0))
    assert len(as_they_come) == 2
    assert len({outcome for _, outcome, _ in as_they_come.values()}) == 2
    for patch, (place, *verdict) in as_they_come.items():
        other_place, *other_verdict = reversed_order[patch]
        assert other_place == 1 - place
        assert other_verdict == verdict


def test_a_strategy_names_its_ranker() -> None:
    assert isinstance(ranker_of("best_of_n(ranker=small_first)"), SmallFirst)
    assert isinstance(ranker_of("best_of_n"), AsTheyCome)
    assert isinstance(ranker_of("judge"), AsTheyCome)
    with pytest.raises(UserError, match="as_they_come, small_first"):
        ranker_of("best_of_n(ranker=wisest)")
