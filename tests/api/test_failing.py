"""How commands fail: asked wrongly, unable to, or by a mistake of ours."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from checkout import last_job, status_of
from scripted import ENTRIES, Script

from agent.models.failure import ModelFailed
from agent.protocols import JobStatus
from agent.result import JobResult
from api.cli.main import run
from tools.errors import InfrastructureError, UserError


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["optimize"], "name a repository"),
        (["optimize", "/no/such/folder"], "/no/such/folder does not exist"),
        (["optimize", "/" + "n" * 300], "does not exist"),
        (["optimize", "http://example.org/a/b"], "https"),
        (["optimize", "REPO", "--min-gain", "2"], "--min-gain is a fraction"),
        (["optimize", "REPO", "--min-gain", "nan"], "--min-gain is a fraction"),
        (["optimize", "REPO", "--max-candidates", "0"], "--max-candidates is a number of at least 1"),
        (["optimize", "REPO", "--budget-s", "0"], "--budget-s is a time of at least 1 second"),
        (["optimize", "REPO", "--budget-s", "inf"], "--budget-s is a time of at least 1 second"),
        (["optimize", "REPO", "--seed", "-1"], "--seed is a number of at least 0"),
        (["optimize", "REPO", "--max-usd", "-1"], "--max-usd is an amount of at least 0 dollars"),
        (["optimize", "REPO", "--max-tokens", "-1"], "--max-tokens is a number of at least 0"),
        (["optimize", "REPO", "--max-model-calls", "-1"], "--max-model-calls is a number of at least 0"),
        (["optimize", "REPO", "--selector", "dice"], "there is no selector 'dice'"),
        (["optimize", "REPO", "--strategy", "magic"], "there is no strategy 'magic'"),
        (["show", "abc", "--step", "1"], "there is no job 'abc'"),
        (["optimize", "REPO", "--target", "shop.stock"], "--target is module:function"),
        (["optimize", "REPO", "--bench", "b", "--workload", "w"], "give one of them"),
        (["optimize", "REPO", "--bench", " "], "--bench is a command"),
        (["optimize", "REPO", "--workload", "/no/w.py"], "there is no file /no/w.py"),
        (["optimize", "REPO", "--sandbox", "jail"], "there is no sandbox 'jail'"),
        (["optimize", "REPO", "--ref", "a..b"], "is not the name of a branch"),
        (["optimize", "REPO", "--subdirectory", "../x"], "must be a folder inside the repository"),
        (["optimize", "REPO", "--json", "/no/such/report.json"], "there is no folder /no/such"),
        (["optimize", "REPO", "--json", "/"], "it is a folder"),
        (["optimize", "https://github.com/a/b", "--apply"], "--apply needs a checkout"),
        (["optimize", "REPO", "--apply", "--ref", "v1"], "leave out --ref"),
        (["optimize", "REPO", "--branch", "a b"], "is not the name of a branch"),
        (["optimize", "REPO", "--resume", "abc"], "leave out REPO"),
        (["optimize", "--resume", "abc", "--seed", "2"], "leave out --seed"),
        (["optimize", "--resume", "abc"], "there is no job 'abc'"),
        (["optimize", "REPO", "--seed", "x"], "--seed"),
        (["optimize", "REPO", "--nonsense"], "--nonsense"),
        (["judge", "REPO"], "--patch"),
        (["judge", "REPO", "--patch", "/no/p.diff"], "cannot read /no/p.diff"),
        (["judge", "REPO", "--patch", "REPO"], "cannot read"),
        (["judge", "REPO", "--patch", "REPO/shop/stock.py"], "unified diff"),
        (["judge", "REPO", "--patch", "/dev/null"], "the patch is empty"),
        (["judge", "REPO", "--patch", "p", "--target", "m:f", "--bench", "b"], "give one of them"),
        (["show", "abc"], "there is no job 'abc'"),
        (["verify", "/no/report.json"], "cannot read /no/report.json"),
        (["verify", "REPO/shop/stock.py"], "is not JSON"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_one_sentence(
    repo: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    script = Script()
    assert run([word.replace("REPO", str(repo)) for word in words], script.runners()) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert sentence in shown.err
    assert shown.err.startswith("hasten: ")
    assert len(shown.err.splitlines()) == 1
    assert script.jobs == []


@pytest.mark.parametrize(
    ("error", "code", "lines"),
    [
        (UserError("no tests", status=422, detail="last\nlines"), 1, ["hasten: no tests", "    last", "    lines"]),
        (UserError("no such ref", status=404), 2, ["hasten: no such ref"]),
        (InfrastructureError("disk full", retryable=True), 1, ["hasten: disk full; trying again may help"]),
        (UserError("evil \x1b[2J\u202e text"), 2, [r"hasten: evil \x1b[2J\u202e text"]),
    ],
)
def test_failures_are_told_in_words(
    home: Path, repo: Path, capsys: pytest.CaptureFixture[str], error: Exception, code: int, lines: list[str]
) -> None:
    assert run(["optimize", str(repo)], Script(problem=error).runners()) == code
    assert capsys.readouterr().err.splitlines()[-len(lines) :] == lines
    assert status_of(home, last_job(home)) is JobStatus.FAILED


def test_an_unexpected_error_leaves_its_traceback_in_a_file(
    home: Path, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["optimize", str(repo)], Script(problem=ZeroDivisionError("deep inside")).runners()) == 1
    err = capsys.readouterr().err
    [crash] = (home / "crashes").iterdir()
    assert f"unexpected ZeroDivisionError: deep inside; the traceback is in {crash}: please report" in err
    assert "Traceback" not in err
    assert "in _search" in crash.read_text()


def test_a_dead_endpoint_leaves_what_was_judged_and_can_be_gone_on_with(
    repo: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dead = "openai:gpt-5-mini gave no answer after 6 tries: connection refused; start the server or check its address"
    script = Script()
    runners = script.runners()

    def until_it_died(*arguments: Any, **more: Any) -> JobResult:
        runners.optimize(*arguments, **more)
        raise ModelFailed(dead)

    asked = ["optimize", str(repo), "--model", "openai:gpt-5-mini", "--strategy", "refine(patience=2)"]
    assert run(asked, replace(runners, optimize=until_it_died)) == 1
    job = last_job(home)
    said = capsys.readouterr().err
    assert dead in said
    assert f"{len(ENTRIES)} candidates judged so far stay: `hasten show {job}`" in said
    assert f"`hasten optimize --resume {job}` goes on" in said
    assert status_of(home, job) is JobStatus.FAILED
    assert [model.name for model in script.jobs[0].models] == ["openai:gpt-5-mini"]
    assert run(["show", job], runners) == 0
    assert "KEPT" in capsys.readouterr().out
    assert run(["optimize", "--resume", job], runners) == 0
    assert script.jobs[1] == script.jobs[0]
