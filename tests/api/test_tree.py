"""The picture of a search."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from scripted import Script

from agent.domain import UNCHANGED, Candidate, Directive, Origin, Outcome, Round, Verdict
from agent.protocols import Entry
from api.cli.main import run
from api.tree import tree_svg
from benchmarks import search_tree
from benchmarks.simulated import kept

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


def entry(number: int, verdict: Verdict, *parents: int, summary: str = "s") -> Entry:
    candidate = Candidate(
        number=number, patch="p", parents=parents, origin=Origin.MODEL, summary=summary, target="a:f", round=number
    )
    return Entry(candidate=candidate, verdict=verdict)


def grown() -> ElementTree.Element:
    wrong = Verdict(outcome=Outcome.TESTS_FAILED, reason="r")
    entries = [
        entry(1, kept(2.0), 0, summary="a <b> & 'c'"),
        entry(2, wrong, 1),
        entry(3, kept(1.5), 1, 2),
    ]
    starts = {2: entries[0].candidate, 3: entries[1].candidate}
    rounds = [
        Round(
            directive=Directive(
                round=number,
                parent=UNCHANGED if number == 1 else entries[0].candidate,
                start=starts.get(number),
                proposer="session",
                target="a:f",
                method="perfcodegen",
                phase="repair",
            )
        )
        for number in (1, 2, 3)
    ]
    return ElementTree.fromstring(tree_svg(entries, rounds, "A <search>"))


def test_each_candidate_has_a_row_below_what_it_began_from() -> None:
    dots = [(float(dot.get("cy", "")), float(dot.get("cx", ""))) for dot in grown().iter(f"{SVG}circle")][4:]
    assert [row for row, _ in dots] == sorted(row for row, _ in dots)
    steps = [column - dots[0][1] for _, column in dots]
    assert steps == [0, 34, 68, 102]  # 3 began from 2, which was not kept, and was judged against 1
    words = ["".join(text.itertext()) for text in grown().iter(f"{SVG}text")]
    assert "#3 3.00x× #2" in words
    assert "TESTS_FAILED: s" in words
    assert "a <b> & 'c'" in words
    assert "perfcodegen · repair" in words


def test_a_search_without_candidates_is_drawn_too() -> None:
    assert ElementTree.fromstring(tree_svg([], [], "t")).tag == f"{SVG}svg"


def test_the_picture_of_the_page_is_what_its_command_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["search_tree", str(tmp_path / "tree.svg")])
    search_tree.main()
    assert (tmp_path / "tree.svg").read_text("utf-8") == (ROOT / "docs/search-tree.svg").read_text("utf-8")


def test_show_draws_the_tree_of_a_job(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script, project = Script(), tmp_path / "project"
    project.mkdir()
    assert run(["optimize", str(project)], script.runners()) == 0
    assert run(["show", script.jobs[0].id, "--tree", str(tmp_path / "tree.svg")]) == 0
    assert ElementTree.fromstring((tmp_path / "tree.svg").read_text("utf-8")).tag == f"{SVG}svg"
    assert run(["show", script.jobs[0].id, "--tree", str(tmp_path / "none" / "tree.svg")]) == 2
    assert "there is no folder" in " ".join(capsys.readouterr().err.split())
