"""What the service asks of traces. OpenTelemetry is loaded where a collector is named, and nowhere else."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Protocol

from workers.redaction import redactor_of
from workers.settings import Settings

Attributes = Mapping[str, str | int | float | bool]


class Span(Protocol):
    """Something that began and will end."""

    @property
    def trace_id(self) -> str:
        """32 hexadecimal digits; empty where nothing is traced."""

    def tell(self, attributes: Attributes, *, name: str | None = None, failed: bool = False) -> None:
        """Add what became known meanwhile."""

    def end(self) -> None:
        """It is over; later ends change nothing."""


class JobTrace(Protocol):
    """The trace of one job, the same in every process that works on it."""

    def begin(
        self,
        name: str,
        attributes: Attributes | None = None,
        *,
        within: Span | None = None,
        since: datetime | None = None,
    ) -> Span:
        """A new span of the job, below another one where it is `within` that; it began now, or at `since`."""

    def whole(self, began: datetime, attributes: Attributes | None = None) -> None:
        """The job itself, which is over now; told once."""


class Traces(Protocol):
    """Where spans go."""

    def request(self, headers: Mapping[str, str]) -> AbstractContextManager[Span]:
        """An HTTP request, as part of its caller's trace where the headers name one."""

    def job(self, job_id: str) -> JobTrace:
        """A job's trace."""

    def close(self) -> None:
        """Send what is left."""


class NoSpan:
    """What nobody looks at."""

    trace_id = ""

    def tell(self, attributes: Attributes, *, name: str | None = None, failed: bool = False) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


class Untraced:
    """Traces that go nowhere."""

    @contextmanager
    def request(self, headers: Mapping[str, str]) -> Iterator[Span]:
        """A span that nobody looks at."""
        del headers
        yield NoSpan()

    def job(self, job_id: str) -> JobTrace:
        """A trace that nobody looks at."""
        del job_id
        return self

    def begin(
        self,
        name: str,
        attributes: Attributes | None = None,
        *,
        within: Span | None = None,
        since: datetime | None = None,
    ) -> Span:
        """A span that nobody looks at."""
        del name, attributes, within, since
        return NoSpan()

    def whole(self, began: datetime, attributes: Attributes | None = None) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


def trace_id_of(job_id: str) -> str:
    """A job's trace, by its id alone: messages and tables need not carry it."""
    return hashlib.sha256(b"hasten trace " + job_id.encode()).hexdigest()[:32]


def start_traces(settings: Settings, role: str) -> Traces:
    """Where this process, which is `api` or `worker`, sends its spans."""
    if not (settings.otlp_endpoint or settings.otlp_traces_endpoint):
        return Untraced()
    from workers.tracing.otel import OtelTraces, otlp_exporter  # noqa: PLC0415 - half a second that few need

    return OtelTraces(otlp_exporter(), redactor_of(settings), role)
