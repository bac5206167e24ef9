"""The log of the service and its workers: one line a record, as JSON or for a person, without secrets."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

from tools.redaction import Redactor
from workers.context import facts
from workers.redaction import redactor_of
from workers.settings import Settings
from workers.tracing.traces import trace_id_of

FIELDS = "fields"
"""What a caller gives as `extra={FIELDS: {...}}` stands in the record under its own names."""
JOB = "job"
"""May be given by itself, too: `extra={"job": ...}`."""
QUIET = (
    *("httpx", "httpx2", "httpcore", "urllib3", "botocore", "s3fs", "fsspec", "asyncio", "kombu", "amqp"),
    "alembic.runtime.plugins",
)
"""Libraries that say more than anybody reads: heard from WARNING on."""
TAKEN = ("uvicorn", "uvicorn.error", "celery", "celery.task", "celery.redirected")
"""Loggers that would bring handlers of their own."""


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger and message, then what is being worked on, then the record's own fields."""
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_told(record),
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        if record.stack_info:
            said["stack"] = self.formatStack(record.stack_info)
        return json.dumps(self._redactor.value(said), ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A record for a person at a terminal."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """One line, with a traceback below it where there is one."""
        moment = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        told = _told(record)
        more = "".join(f" {name}={value}" for name, value in told.items() if name not in {"trace", "request"})
        text = _visible(f"{moment} {record.levelname.lower():8}{record.name}: {record.getMessage()}{more}")
        if record.exc_info:
            text = "\n".join([text, *map(_visible, self.formatException(record.exc_info).splitlines())])
        return self._redactor.text(text)


def configure_logs(settings: Settings, stream: TextIO | None = None) -> None:
    """Send every record of this process to `stream`, which is standard error, in the form that the settings name.

    Whoever calls this keeps uvicorn (`log_config=None`) and Celery (the signal `setup_logging`) from doing the same.
    """
    sink = stream or sys.stderr
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sink.isatty())
    redactor = redactor_of(settings)
    handler = logging.StreamHandler(sink)
    handler.setFormatter(JsonFormatter(redactor) if as_json else TextFormatter(redactor))
    root = logging.getLogger()
    for old in tuple(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(settings.log_level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in TAKEN:
        taken = logging.getLogger(name)
        taken.handlers.clear()
        taken.propagate = True
    logging.getLogger("uvicorn.access").disabled = True  # `api/rest/requests.py` writes a line for each request
    logging.captureWarnings(capture=True)


def _told(record: logging.LogRecord) -> dict[str, Any]:
    """What is being worked on, by the record itself or by where it was written, and the record's own fields."""
    told: dict[str, Any] = dict(facts())
    if job_id := getattr(record, JOB, None):
        told[JOB] = job_id
    told |= getattr(record, FIELDS, {})
    if JOB in told:
        told.setdefault("trace", trace_id_of(str(told[JOB])))
    return told


def _visible(text: str) -> str:
    """Without control characters, which could draw on the terminal or look like another record."""
    return "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in text)
