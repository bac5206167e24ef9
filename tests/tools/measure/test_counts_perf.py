"""Counting by `perf`, with a `perf` that plays one: real counters are rare in virtual machines."""

import os
from pathlib import Path

import pytest

from tools.measure import counts_perf
from tools.measure.counts import CannotCount

PERF = """#!/bin/sh
echo "$@" >>{log}
say() {{ echo '{line}' >&2; exit 0; }}
case "$*" in *" -p "*) trap say INT; while :; do sleep 0.02; done ;; *) say ;; esac
"""


def play(monkeypatch: pytest.MonkeyPatch, folder: Path, line: str) -> Path:
    program = folder / "perf"
    program.write_text(PERF.format(log=folder / "log", line=line))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    counts_perf.missing.cache_clear()
    monkeypatch.setattr(counts_perf, "SETTLE_S", 0.3)
    return folder / "log"


def test_what_runs_while_perf_is_attached_is_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    log = play(monkeypatch, tmp_path, "123456,,instructions:u,1000,100.00,,")
    assert counts_perf.missing() is None
    ran: list[int] = []
    assert counts_perf.count_processes({os.getpid(), 1}, lambda: ran.append(1)) == 123456
    assert ran == [1]
    assert f"-p 1,{os.getpid()}" in log.read_text()


def test_counters_that_a_host_does_not_have_are_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    play(monkeypatch, tmp_path, "<not supported>,,instructions:u,0,100.00,,")
    assert "no hardware counters" in (counts_perf.missing() or "")
    with pytest.raises(CannotCount, match="not supported"):
        counts_perf.count_processes({os.getpid()}, lambda: None)


def test_processes_that_perf_cannot_see_are_not_counted_as_nothing() -> None:
    with pytest.raises(CannotCount, match="cannot see"):
        counts_perf.count_processes(set(), lambda: None)
