"""The log: what a line says, and what never stands in it."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tools.redaction import Redactor
from workers.context import about, note
from workers.logs import FIELDS, configure_logs
from workers.redaction import redactor_of
from workers.settings import Settings
from workers.tracing.traces import trace_id_of


@contextmanager
def logging_to(stream: io.StringIO, home: Path, **settings: Any) -> Iterator[None]:
    """Configured for the block, as it was afterwards."""
    root, access = logging.getLogger(), logging.getLogger("uvicorn.access")
    before, level, disabled = list(root.handlers), root.level, access.disabled
    configure_logs(Settings(home=home, **settings), stream)
    try:
        yield
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        access.disabled = disabled
        logging.captureWarnings(capture=False)


def test_a_line_says_what_is_worked_on(tmp_path: Path) -> None:
    sink = io.StringIO()
    with logging_to(sink, tmp_path, log_format="json"), about(job="a1", request="r1"):
        note(tenant="acme")
        with about(job="a2"):
            logging.getLogger("workers.x").warning("it took %d s", 3, extra={FIELDS: {"seconds": 3.0}})
        logging.getLogger("uvicorn.error").info("hello")
        logging.getLogger("celery.worker").debug("not heard")
        logging.getLogger("workers.y").info("its own", extra={"job": "a3"})
    first, second, third = map(json.loads, sink.getvalue().splitlines())
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "level": "warning",
        "logger": "workers.x",
        "message": "it took 3 s",
        "job": "a2",
        "tenant": "acme",
        "request": "r1",
        "seconds": 3.0,
        "trace": trace_id_of("a2"),
    }
    assert (second["job"], second["message"]) == ("a1", "hello")
    assert (third["job"], third["trace"]) == ("a3", trace_id_of("a3"))


def test_a_person_at_a_terminal_reads_text(tmp_path: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    sink = Terminal()
    with logging_to(sink, tmp_path), about(job="a1"):
        logging.getLogger("x").error("one\nforged \x1b[31m line")
    assert sink.getvalue().count("\n") == 1
    assert "error   x: one\\x0aforged \\x1b[31m line job=a1" in sink.getvalue()


def test_a_traceback_is_one_line_of_json(tmp_path: Path) -> None:
    sink = io.StringIO()
    with logging_to(sink, tmp_path, log_format="json"):
        try:
            raise ValueError("token=ghs_" + "a.b" * 20)
        except ValueError:
            logging.getLogger("x").exception("failed")
    (line,) = sink.getvalue().splitlines()
    said = json.loads(line)
    assert "Traceback" in said["error"]
    assert "a.ba.b" not in line


KEYS = (
    "hst_" + "Ab-_0" * 8,
    "ghp_" + "a1B2" * 9,
    "ghs_" + "a1B2" * 20,
    "ghs_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIx." + "x_-" * 40,
    "github_pat_" + "11AAAA" * 12,
    "glpat-" + "x" * 20,
    "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "sk-proj-" + "a1B2_" * 8,
    "AKIAIOSFODNN7EXAMPLE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA PRIVATE KEY-----",
)


@pytest.mark.parametrize("key", KEYS)
def test_what_looks_like_a_key_is_hidden(key: str) -> None:
    for text in (key, f"it was {key}, they say", f'{{"a": "{key}"}}', f"x={key}&y=1"):
        hidden = Redactor().text(text)
        assert not [part for part in key.split("\n") if part in hidden]
        assert "[hidden]" in hidden


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Authorization: Bearer abcdef", "abcdef"),
        ("{'authorization': 'Basic dXNlcjpwYXNz'}", "dXNlcjpwYXNz"),
        ("AUTHORIZATION: token 0123456", "0123456"),
        ("https://someone:pa%40ss@host/x", "pa%40ss"),
        ("https://0123456789@host/x", "0123456789"),
        ("GET /x?access_token=abcd1234&a=b", "abcd1234"),
        ("GET /x?a=b&X-Amz-Signature=abcd1234", "abcd1234"),
        ("password=hunter22", "hunter22"),
    ],
)
def test_what_stands_where_secrets_stand_is_hidden(text: str, secret: str) -> None:
    assert secret not in Redactor().text(text)


def test_ordinary_words_stay() -> None:
    for text in ("candidate 3: KEPT — 1.52x", "GET /v1/jobs?status=queued&limit=20 200", "skipped 3 of 4 tests"):
        assert Redactor().text(text) == text


def test_what_this_process_was_told_is_hidden_wherever_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_API_KEY", "other secret/1")
    settings = Settings(
        home=tmp_path,
        database_url="postgresql://hasten:data%2Fbase-pass@db/hasten",
        git_token="plain-git-token",
        secret_key="one-secret-key,two-secret-key",
    )
    redactor = redactor_of(settings)
    told = {
        "a": ["data/base-pass", "data%2Fbase-pass", {"b": "x plain-git-token y"}],
        "c": "two-secret-key and other secret/1 and other%20secret%2F1",
        "d": 3,
    }
    assert redactor.value(told) == {
        "a": ["[hidden]", "[hidden]", {"b": "x [hidden] y"}],
        "c": "[hidden] and [hidden] and [hidden]",
        "d": 3,
    }


def test_standard_error_is_where_it_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sink = io.StringIO()
    monkeypatch.setattr(sys, "stderr", sink)
    with logging_to(sink, tmp_path, log_level="error"):
        logging.getLogger("x").warning("not heard")
        logging.getLogger("x").error("heard")
    assert json.loads(sink.getvalue())["message"] == "heard"
