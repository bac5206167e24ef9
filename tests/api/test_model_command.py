"""`hasten model`: prices, a check, and a scripted model in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.models.endpoint import serving
from agent.models.player import Player
from agent.models.script import Entry, call, fault, say, write_script
from api.cli.main import run

ROOT = Path(__file__).parents[2]
READY = say("", call("report", word="ready"), usage=(120, 8))


@pytest.fixture(autouse=True)
def no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HASTEN_MODEL", "HASTEN_MODELS", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_list_shows_prices_and_ones_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "models.toml").write_text('["openai:mine"]\ncontext_tokens = 8192\n')
    monkeypatch.setenv("HASTEN_MODELS", str(tmp_path / "models.toml"))
    assert run(["model", "list"]) == 0
    out = capsys.readouterr().out
    [mini] = [line.split() for line in out.splitlines() if "openai:gpt-5-mini " in line]
    assert mini[:4] == ["openai:gpt-5-mini", "0.25", "0.025", "2"]
    [mine] = [line.split() for line in out.splitlines() if "openai:mine" in line]
    assert mine[1:] == ["unknown", "unknown", "unknown", "8,192", "yours"]
    assert "Noted on 2026-" in out


def check(monkeypatch: pytest.MonkeyPatch, entry: Entry, name: str = "openai:local=1/10") -> int:
    with serving(Player([entry], "the script")) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        return run(["model", "check", name])


def test_check_shows_what_came_and_what_it_cost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(monkeypatch, READY) == 0
    out = capsys.readouterr().out
    assert 'report({"word": "ready"})' in out
    assert "120 read, 8 written" in out
    assert "$0.000200" in out


def test_check_says_where_a_model_calls_no_tool_or_has_no_price(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(monkeypatch, say("ready"), "openai:local") == 1
    shown = capsys.readouterr()
    assert "estimated" in shown.out
    assert "unknown" in shown.out
    assert "called no tool" in shown.err


def test_check_fails_with_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(monkeypatch, fault(401, {"error": {"message": "who are you"}})) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert run(["model", "check", "gpt-5"]) == 2
    assert "write PROVIDER:NAME" in capsys.readouterr().err


@contextmanager
def replaying(path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "api.cli", "model", "replay", str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip().removeprefix("OPENAI_BASE_URL=")
    finally:
        process.kill()
        process.communicate()


def ask(url: str, text: str) -> int:
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": text}]}).encode()
    request = urllib.request.Request(f"{url}/chat/completions", body)
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def stop(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    return process.returncode, err


def test_a_script_that_is_played_to_its_end(tmp_path: Path) -> None:
    with replaying(write_script(tmp_path / "script.jsonl", [say("hello").when(last="hi")])) as (process, url):
        assert ask(url, "hi") == 200
        code, err = stop(process)
    assert (code, "played to its end" in err) == (0, True)


def test_a_script_that_is_not_played_to_its_end(tmp_path: Path) -> None:
    with replaying(write_script(tmp_path / "script.jsonl", [say("hello"), say("more")])) as (process, url):
        assert ask(url, "hi") == 200
        code, err = stop(process)
    assert code == 1
    assert "entry 2 of 2 was never asked for" in err


def test_a_request_that_differs(tmp_path: Path) -> None:
    with replaying(write_script(tmp_path / "script.jsonl", [say("hello").when(last="hi")])) as (process, url):
        assert ask(url, "bye") == 409
        assert ask(url, "hi") == 200
        code, err = stop(process)
    assert code == 1
    assert "entry 1 of the script" in err
    assert 'expected "hi" in the last message, which is (user) "bye"' in err


def test_a_script_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["model", "replay", str(tmp_path / "none.jsonl")]) == 2
    assert "cannot be read" in capsys.readouterr().err
