"""`hasten show --told`: what a model was told in a round."""

from dataclasses import replace
from pathlib import Path

import pytest
from paper_desk import paper_desk, paper_job, paper_kit

from agent.prompts.opening import opening
from agent.prompts.told import remember
from api.cli.main import run
from storage.store import open_store


def test_what_a_round_was_told_is_printed_as_it_was_sent(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = opening(paper_desk(tmp_path, {"shop.py": "def match(a):\n    return '\x1b[31m'\n"}), [])
    with open_store(home) as store:
        job = paper_job()
        store.jobs.create(job)
        kit = replace(paper_kit(job), journal=store.jobs.journal(job.id), blobs=store.blobs)
        remember(told, kit, 3)
    assert run(["show", "a1", "--told", "3"]) == 0
    printed = capsys.readouterr().out
    assert "You make one function" in printed
    assert "Make `shop:match` faster" in printed
    assert printed.index("system") < printed.index("# The project")
    assert "\x1b" not in printed
    assert run(["show", "a1", "--told", "4"]) == 2
    assert "asked no model in round 4" in capsys.readouterr().err
