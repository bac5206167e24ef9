"""The corpus of wrong edits still fits its projects, and the judge tells a small sample of it apart."""

import ast
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.wrong_edits.edits import KINDS, REFACTORING, Edit, edited, read_corpus
from benchmarks.wrong_edits.judging import judged, prepared
from benchmarks.wrong_edits.mutator import draw
from benchmarks.wrong_edits.projects import PROJECTS, fetch
from benchmarks.wrong_edits.table import wilson
from benchmarks.wrong_edits.witness import problems
from tools.profile.source import Function

SOURCE = '''
def spread(values, low=0):
    """The largest beside the smallest."""
    if len(values) > low and values:
        return max(list(values)), min(values)
    raise ValueError("none")
'''


@pytest.fixture(scope="module")
def inflection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fetch(PROJECTS["inflection"], tmp_path_factory.mktemp("sdist"))


def of_inflection() -> list[Edit]:
    return [edit for edit in read_corpus() if edit.project == "inflection"]


def test_the_corpus_has_every_kind_and_no_edit_twice() -> None:
    edits = read_corpus()
    counts = Counter(edit.kind for edit in edits)
    assert set(counts) == {*KINDS, REFACTORING}
    assert counts.total() - counts[REFACTORING] >= 150
    assert counts[REFACTORING] >= 40
    assert len({(edit.project, edit.path, edit.function, edit.old, edit.new) for edit in edits}) == len(edits)


def test_each_witness_of_a_project_shows_what_its_edit_is_for(inflection: Path, tmp_path: Path) -> None:
    assert problems({"inflection": inflection}, of_inflection(), tmp_path) == []


def test_a_wrong_edit_without_a_difference_has_no_place_in_the_corpus(inflection: Path, tmp_path: Path) -> None:
    refactoring = next(edit for edit in of_inflection() if edit.kind == REFACTORING)
    [problem] = problems({"inflection": inflection}, [replace(refactoring, kind="order")], tmp_path)
    assert "sees no difference" in problem


def test_the_judge_tells_a_sample_apart(inflection: Path, tmp_path: Path) -> None:
    functions = ("dasherize", "tableize", "transliterate")
    sample = [edit for edit in of_inflection() if edit.function in functions]
    with prepared(inflection, tmp_path, sample, seed=1) as project:
        for number, edit in enumerate(sample, 1):
            found = judged(project, edit, number)
            assert found.cases > 0
            assert bool(found.counter_example) == (edit.kind != REFACTORING), found


def test_the_mutator_repeats_itself_and_changes_each_program(tmp_path: Path) -> None:
    (tmp_path / "spread.py").write_text(SOURCE)
    functions = [Function(path="spread.py", qualname="spread")]
    drawn = draw("spread", tmp_path, functions, 100, random.Random(3))
    assert drawn == draw("spread", tmp_path, functions, 100, random.Random(3))
    assert drawn != draw("spread", tmp_path, functions, 100, random.Random(4))
    programs = {ast.dump(ast.parse(edited(SOURCE, edit))) for edit in drawn}
    assert len(programs | {ast.dump(ast.parse(SOURCE))}) == len(drawn) + 1
    assert {"comparison", "constant", "logic", "dropped call", "exception"} <= {edit.kind for edit in drawn}


def test_shares_have_wilsons_interval() -> None:
    assert wilson(148, 150) == "148 of 150, 98.7% [95.3%, 99.6%]"
    assert wilson(0, 0) == "–"
