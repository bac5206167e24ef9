"""Stopped, killed, and left alone by its reader: what is said, what is remembered, how it goes on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import last_job, status_of
from scripted import Script

from agent.protocols import JobStatus
from api.cli.main import run

ROOT = Path(__file__).parents[2]
HANGING = """
import sys, time
from scripted import Script
from api.cli.main import run
def hang():
    print("searching", file=sys.stderr, flush=True)
    time.sleep(60)
sys.exit(run(sys.argv[1:], Script(on_search=hang).runners()))
"""


def hanging(repo: Path, *words: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HANGING, "optimize", str(repo), *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{Path(__file__).parent}"},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for said in process.stderr:
        if said == "searching\n":
            return process
    raise AssertionError("it ended before it searched")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_job_says_how_it_goes_on(
    home: Path, repo: Path, capsys: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    process = hanging(repo)
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    job = last_job(home)
    assert err.splitlines()[-1] == f"hasten: stopped; `hasten optimize --resume {job}` goes on"
    assert status_of(home, job) is JobStatus.INTERRUPTED
    assert run(["optimize", "--resume", job], Script().runners()) == 0
    assert "Kept 2 of 6" in capsys.readouterr().out
    assert run(["optimize", "--resume", job], Script().runners()) == 2
    assert "is finished" in capsys.readouterr().err


def test_what_fails_while_a_job_is_stopped_does_not_hide_that_it_was(
    home: Path, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted_badly() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            raise AssertionError("a clean-up that fails")

    assert run(["optimize", str(repo)], Script(on_search=interrupted_badly).runners()) == 130
    job = last_job(home)
    assert capsys.readouterr().err.splitlines()[-1] == f"hasten: stopped; `hasten optimize --resume {job}` goes on"
    assert status_of(home, job) is JobStatus.INTERRUPTED


def test_a_killed_job_is_shown_as_interrupted_and_goes_on(
    home: Path, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = hanging(repo)
    job = last_job(home)
    assert run(["optimize", "--resume", job], Script().runners()) == 2
    assert "running in another process" in capsys.readouterr().err
    process.kill()
    process.communicate(timeout=30)
    assert run(["show", job]) == 0
    out = capsys.readouterr()
    assert "interrupted" in out.out
    assert f"`hasten optimize --resume {job}` goes on" in out.out
    assert run(["optimize", "--resume", job], Script().runners()) == 0


def test_a_reader_that_goes_away_is_no_crash(home: Path, repo: Path) -> None:
    run(["optimize", str(repo)], Script().runners())
    command = ["sh", "-c", '"$0" -m api.cli list | true', sys.executable]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert not (home / "crashes").exists()


LOADING = """
import builtins, signal, sys
from api.cli.main import run
load = builtins.__import__
def interrupted(name, *rest):
    if name.startswith("sqlalchemy"):
        builtins.__import__ = load
        signal.raise_signal(signal.SIGINT)
    return load(name, *rest)
builtins.__import__ = interrupted
sys.exit(run(["list"]))
"""


def test_an_interrupt_while_the_command_loads_is_no_traceback(home: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LOADING], capture_output=True, text=True, timeout=30, check=False, cwd=ROOT
    )
    assert (ended.returncode, ended.stderr) == (130, "")
    assert not home.exists()
