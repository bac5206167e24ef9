"""Crossover by hunks: a child has some of both parents, and is nobody that was judged before."""

import ast
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from silent import silent_job

from agent.baseline import Baseline
from agent.domain import UNCHANGED, Candidate, Directive, Job, Origin, Outcome, Verdict
from agent.kit import Kit
from agent.proposers.choose import make_proposer
from agent.protocols import Draft
from tools.git.patch import apply_patch, make_patch, parse_patch
from tools.git.snapshot import Snapshot

FUNCTIONS = "\n\n".join(f"def f{index}(x):\n    y = x + {index}\n    return y\n" for index in range(6))
FILES = {"one.py": FUNCTIONS, "two.py": FUNCTIONS}


class Nursery:
    """A tree of two files, and children of patches to it."""

    def __init__(self, folder: Path) -> None:
        tree = folder / "tree"
        tree.mkdir()
        for name, text in FILES.items():
            (tree / name).write_text(text)
        self.tree = tree
        self.job: Job
        self.kit: Kit
        self.job, self.kit = silent_job(tree, folder / "home", {})
        self.numbers = iter(range(1, 100))

    def candidate(self, *edits: tuple[str, str, str]) -> Candidate:
        after = dict(FILES)
        for name, old, new in edits:
            assert old in after[name]
            after[name] = after[name].replace(old, new)
        before_bytes = {name: text.encode() for name, text in FILES.items()}
        patch = make_patch(before_bytes, {name: text.encode() for name, text in after.items()})
        number = next(self.numbers)
        return Candidate(number=number, patch=patch, parents=(0,), origin=Origin.MODEL, summary="s", target="one:f0")

    def children(self, first: Candidate, second: Candidate, samples: int = 2) -> list[Draft]:
        snapshot = Snapshot(source="x", commit="c" * 40, tree=self.tree, uncommitted=())
        baseline = cast(Baseline, SimpleNamespace(snapshot=snapshot))
        directive = Directive(
            round=9,
            parent=first,
            partner=second,
            proposer="crossover",
            target="one:f0",
            method="evolve",
            samples=samples,
        )
        proposer = make_proposer("crossover", self.job, baseline, {}, self.kit)
        return list(proposer.propose(directive, self.kit.ledger))

    def text(self, draft: Draft, name: str) -> str:
        content = apply_patch(self.tree, parse_patch(draft.patch)).get(name)
        text = FILES[name] if content is None else content.decode()
        ast.parse(text)
        return text


@pytest.fixture
def nursery(tmp_path: Path) -> Nursery:
    return Nursery(tmp_path)


def edit(name: str, index: int, new: str) -> tuple[str, str, str]:
    return name, f"y = x + {index}\n", f"y = {new}\n"


def test_a_child_takes_hunks_of_both_parents_over_several_files(nursery: Nursery) -> None:
    first = nursery.candidate(edit("one.py", 1, "first1"), edit("one.py", 5, "first5"))
    second = nursery.candidate(edit("one.py", 3, "second3"), edit("two.py", 2, "second2"))
    (child,) = nursery.children(first, second, samples=1)
    assert child.origin is Origin.CROSSOVER
    assert all(word in nursery.text(child, "one.py") for word in ("first1", "first5", "second3"))
    assert "second2" in nursery.text(child, "two.py")


def test_of_hunks_that_conflict_each_order_takes_one(nursery: Nursery) -> None:
    first = nursery.candidate(edit("one.py", 1, "first1"), edit("one.py", 3, "first3"))
    second = nursery.candidate(edit("one.py", 1, "second1"), edit("one.py", 5, "second5"))
    one, other = nursery.children(first, second)
    assert all(word in nursery.text(one, "one.py") for word in ("first1", "first3", "second5"))
    assert "second1" not in nursery.text(one, "one.py")
    assert all(word in nursery.text(other, "one.py") for word in ("second1", "second5", "first3"))


def test_parents_that_change_the_same_line_only_have_no_child(nursery: Nursery) -> None:
    first, second = (nursery.candidate(edit("one.py", 1, word)) for word in ("first", "second"))
    assert nursery.children(first, second) == []


def test_nobody_is_made_twice_under_other_names_or_layout(nursery: Nursery) -> None:
    first, second = nursery.candidate(edit("one.py", 1, "first")), nursery.candidate(edit("one.py", 3, "second"))
    (child,) = nursery.children(first, second)
    known = nursery.candidate(edit("one.py", 1, "(first)  # known"), edit("one.py", 3, "second"))
    rejected = Verdict(outcome=Outcome.NOT_FASTER, reason="r")
    nursery.kit.archive.add(replace(known, round=9), rejected, ())  # of this round, before it was killed
    assert nursery.children(first, second) == [child]
    nursery.kit.archive.add(replace(known, number=50, round=4), rejected, ())
    broken = replace(known, number=51, patch="no patch at all", round=4)
    nursery.kit.archive.add(broken, Verdict(outcome=Outcome.DOES_NOT_APPLY, reason="r"), ())
    assert nursery.children(first, second) == []


def test_hunks_that_both_have_are_no_news(nursery: Nursery) -> None:
    shared = edit("one.py", 0, "shared")
    first = nursery.candidate(shared, edit("one.py", 2, "first"))
    second = nursery.candidate(shared, edit("two.py", 2, "second"))
    for child in nursery.children(first, second, samples=8):
        assert "first" in nursery.text(child, "one.py")
        assert "second" in nursery.text(child, "two.py")
    descendant = nursery.candidate(shared)
    assert nursery.children(descendant, second, samples=8) == []
    assert UNCHANGED.patch == ""
