"""Edits of one function are tried together first; where that is no faster, their parts are not tried."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from silent import silent_job

from agent.baseline import Baseline
from agent.bench import Bench
from agent.domain import UNCHANGED, Directive, Outcome
from agent.evidence import Evidence, Tested, Timed
from agent.optimizer import run_round
from tools.git.snapshot import Snapshot
from tools.recipe.recipe import Recipe

SLOW = """def f(rows: list[str], stop: list[str]):
    text = ""
    for row in rows:
        if row not in stop:
            text = text + row
    return text
"""


@pytest.mark.parametrize(
    ("problem", "judged"), [("", [Outcome.NOT_FASTER]), ("a test fails", [Outcome.TESTS_FAILED] * 3)]
)
def test_parts_are_tried_unless_the_whole_is_no_faster(tmp_path: Path, problem: str, judged: list[Outcome]) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "a.py").write_text(SLOW)
    job, kit = silent_job(tree, tmp_path / "home", {})
    snapshot = Snapshot(source="x", commit="c" * 40, tree=tree)
    baseline = cast(Baseline, SimpleNamespace(snapshot=snapshot, recipe=Recipe()))

    def tests(_: Bench) -> Evidence:
        return Tested(
            passed=1, failed=0, flaky=0, scope="full", hash_seeds=(0,), problems=(problem,) if problem else ()
        )

    def glance(_: Bench) -> Evidence:
        return Timed(
            stage="screen", decision="not faster", detail="no", speedup=None, clock="cpu", workload="w", fresh=True
        )

    directive = Directive(round=1, parent=UNCHANGED, proposer="rewrite", target="a:f", method="rewrite", samples=9)
    run_round(job, baseline, directive, {}, kit, (("tests", tests), ("faster at a glance?", glance)))
    assert [entry.verdict.outcome for entry in kit.archive.entries()] == judged
