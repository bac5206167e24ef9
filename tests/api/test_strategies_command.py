"""`hasten strategies` and `--strategy`."""

from pathlib import Path

import pytest
from scripted import Script

from agent.policies.choose import METHODS
from api.cli.main import run


def test_it_lists_every_strategy_and_where_it_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["strategies"]) == 0
    printed = capsys.readouterr().out
    for method in METHODS.values():
        assert method.name in printed
        assert method.paper.split(" (")[0][:40] in " ".join(printed.split())


def test_one_is_shown_with_its_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["strategies", "scattered_forest"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "seeds 5 first attempts of a target" in printed
    assert "--strategy 'scattered_forest(seeds=5)'" in printed
    assert "arxiv.org/abs/2411.05010" in printed


def test_a_strategy_that_there_is_not_is_answered_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["strategies", "magic"]) == 2
    assert "there is no strategy 'magic'" in " ".join(capsys.readouterr().err.split())


def test_optimize_takes_a_strategy_with_parameters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = Script()
    project = tmp_path / "project"
    project.mkdir()
    assert run(["optimize", str(project), "--strategy", "best_of_n(n=3)"], script.runners()) == 0
    assert [job.strategy for job in script.jobs] == ["best_of_n(n=3)"]
    assert run(["optimize", str(project), "--strategy", "best_of_n(n=0)"], script.runners()) == 2
    assert "n is a whole number from 1 to 100" in " ".join(capsys.readouterr().err.split())
    assert len(script.jobs) == 1
