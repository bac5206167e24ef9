"""Frames come from a process that is not trusted: what makes no sense is refused, whatever it is."""

import base64

import pytest

from tools.profile.profile import MalformedStacksError
from tools.profile.source import SourceIndex
from tools.suiteframes import MOST_CALL_BYTES, MOST_CALLS, Listener, MalformedFrameError
from tools.workload.recording import Wanted

WANTED = (Wanted(module="m", qualname="f", path="m.py", line=1),)
OUTCOME = {"kind": "outcome", "id": "t", "outcome": "passed", "duration_s": 0.1, "message": ""}
CALL = {"kind": "call", "number": 0, "pickle": base64.b64encode(b"x").decode()}
RECORDING = {"kind": "recording", "number": 0, "steps": ["price"], "call_kind": "function", "seen": 1}


@pytest.fixture
def listener(tmp_path):
    return Listener(SourceIndex(tmp_path), WANTED)


@pytest.mark.parametrize(
    "frame",
    [
        {},
        {"kind": ["outcome"]},
        {"kind": "collected", "ids": "t"},
        {"kind": "collected", "ids": [1]},
        {**OUTCOME, "outcome": "brilliant"},
        {**OUTCOME, "id": 3},
        {**OUTCOME, "duration_s": -1},
        {**OUTCOME, "duration_s": float("nan")},
        {**OUTCOME, "duration_s": True},
        {**OUTCOME, "touched": [0], "functions": []},
        {**OUTCOME, "touched": [-1], "functions": [["/project/m.py", 1, "f"]]},
        {**OUTCOME, "touched": [0], "functions": [["/project/m.py", 1]]},
        {"kind": "stacks", "functions": [], "folded": [[[0], 1, 1]], "samples": 1, "cpu_s": 1.0},
        {**CALL, "number": 1},
        {**CALL, "pickle": "not base64!"},
        {**CALL, "pickle": base64.b64encode(bytes(MOST_CALL_BYTES + 1)).decode()},
        {**RECORDING, "number": "0"},
        {**RECORDING, "steps": "deep"},
        {**RECORDING, "reasons": {"a": "b"}},
        {"kind": "end", "exit": 0, "problem": None},
    ],
)
def test_a_frame_that_makes_no_sense_is_refused(listener, frame):
    with pytest.raises((MalformedFrameError, MalformedStacksError)):
        listener.take(frame)


def test_more_calls_than_are_ever_kept_are_refused(listener):
    for number in range(MOST_CALLS):
        listener.take({**CALL, "pickle": base64.b64encode(bytes([number])).decode()})
    with pytest.raises(MalformedFrameError):
        listener.take(CALL)


def test_a_name_that_comes_twice_counts_with_its_worse_outcome(listener):
    for outcome in ("passed", "failed", "passed"):
        listener.take({**OUTCOME, "outcome": outcome})
    assert [case.outcome for case in listener.cases()] == ["failed"]


def test_an_end_before_all_tests_were_reported_is_a_problem(listener):
    listener.take({"kind": "collected", "ids": ["t", "u"]})
    listener.take(OUTCOME)
    listener.take({"kind": "end", "exit": 0, "problem": ""})
    assert listener.problem() == "pytest stopped after 1 of 2 tests"
