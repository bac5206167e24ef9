"""Spans by OpenTelemetry's SDK, which reads its own variables: where to send them, with what headers, how many."""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from tools.redaction import Redactor
from workers.tracing.traces import Attributes, JobTrace, Span, trace_id_of

SERVICE = "hasten"


def otlp_exporter() -> SpanExporter:
    """Sends spans by OTLP over HTTP to where `OTEL_EXPORTER_OTLP_ENDPOINT` says."""
    return OTLPSpanExporter()


class OtelTraces:
    """A provider of our own, so that no library of the process joins in unasked."""

    def __init__(self, exporter: SpanExporter, redactor: Redactor, role: str, *, batch: bool = True) -> None:
        """`batch` sends spans some at a time, from a thread; otherwise each at its end."""
        own = Resource({SERVICE_VERSION: version("hasten"), "hasten.role": role})
        named = Resource({SERVICE_NAME: SERVICE}).merge(Resource.create())  # OTEL_SERVICE_NAME wins
        if str(named.attributes.get(SERVICE_NAME, "")).startswith("unknown_service"):
            named = named.merge(Resource({SERVICE_NAME: SERVICE}))
        self._ids = _Ids()
        self._provider = TracerProvider(resource=named.merge(own), id_generator=self._ids, shutdown_on_exit=False)
        processor: SpanProcessor = BatchSpanProcessor(exporter) if batch else SimpleSpanProcessor(exporter)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer(SERVICE, version("hasten"))
        self._redactor = redactor

    @contextmanager
    def request(self, headers: Mapping[str, str]) -> Iterator[Span]:
        """An HTTP request, as part of its caller's trace where the headers name one."""
        context = TraceContextTextMapPropagator().extract(dict(headers), Context())
        with self._tracer.start_as_current_span("request", context, SpanKind.SERVER) as span:
            yield OtelSpan(span, self._redactor)

    def job(self, job_id: str) -> JobTrace:
        """A job's trace."""
        return OtelJobTrace(self, job_id)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()

    def root(self, job_id: str) -> SpanContext:
        """The span that a whole job is, which is told when the job is over."""
        trace_id = int(trace_id_of(job_id), 16)
        decision = self._provider.sampler.should_sample(None, trace_id, "job").decision  # everywhere the same
        flags = TraceFlags(TraceFlags.DEFAULT if decision is Decision.DROP else TraceFlags.SAMPLED)
        return SpanContext(trace_id, _root_id(job_id), is_remote=True, trace_flags=flags)

    def begin(self, name: str, attributes: Attributes, parent: SpanContext, since: datetime | None) -> Span:
        """A span below another one; where a request is being answered, each is linked to the other's trace."""
        links = []
        asking = trace.get_current_span()
        if asking.get_span_context().is_valid:
            links.append(trace.Link(asking.get_span_context()))
            asking.add_link(parent)
        below = trace.set_span_in_context(NonRecordingSpan(parent), Context())
        start = None if since is None else _nanoseconds(since)
        span = OtelSpan(self._tracer.start_span(name, below, links=links, start_time=start), self._redactor)
        span.tell(attributes)
        return span

    def whole(self, job_id: str, began: datetime, attributes: Attributes) -> None:
        """The root span of a job that is over now."""
        root = self.root(job_id)
        with self._ids.given(root.trace_id, root.span_id):
            made = self._tracer.start_span("job", Context(), start_time=_nanoseconds(began))
        span = OtelSpan(made, self._redactor)
        span.tell(attributes)
        span.end()


class OtelSpan:
    """A span whose attributes hold no secrets."""

    def __init__(self, span: trace.Span, redactor: Redactor) -> None:
        self._span = span
        self._redactor = redactor

    @property
    def trace_id(self) -> str:
        """32 hexadecimal digits."""
        return f"{self._span.get_span_context().trace_id:032x}"

    @property
    def context(self) -> SpanContext:
        """What a span below it needs to know."""
        return self._span.get_span_context()

    def tell(self, attributes: Attributes, *, name: str | None = None, failed: bool = False) -> None:
        """Add what became known meanwhile."""
        for key, value in attributes.items():
            self._span.set_attribute(key, self._redactor.text(value) if isinstance(value, str) else value)
        if name is not None:
            self._span.update_name(self._redactor.text(name))
        if failed:
            self._span.set_status(StatusCode.ERROR)

    def end(self) -> None:
        """It is over; later ends change nothing."""
        if self._span.is_recording():
            self._span.end()


class OtelJobTrace:
    """The trace of one job."""

    def __init__(self, traces: OtelTraces, job_id: str) -> None:
        self._traces = traces
        self._job_id = job_id

    def begin(
        self,
        name: str,
        attributes: Attributes | None = None,
        *,
        within: Span | None = None,
        since: datetime | None = None,
    ) -> Span:
        """A new span of the job, below another one where it is `within` that; it began now, or at `since`."""
        parent = within.context if isinstance(within, OtelSpan) else self._traces.root(self._job_id)
        return self._traces.begin(name, {"hasten.job": self._job_id, **(attributes or {})}, parent, since)

    def whole(self, began: datetime, attributes: Attributes | None = None) -> None:
        """The job itself, which is over now."""
        self._traces.whole(self._job_id, began, {"hasten.job": self._job_id, **(attributes or {})})


class _Ids(RandomIdGenerator):
    """Random ids, but for the root of a job's trace: every process knows that one beforehand."""

    def __init__(self) -> None:
        self._here = threading.local()

    @contextmanager
    def given(self, trace_id: int, span_id: int) -> Iterator[None]:
        self._here.ids = (trace_id, span_id)
        try:
            yield
        finally:
            self._here.ids = None

    def generate_trace_id(self) -> int:
        ids: tuple[int, int] | None = getattr(self._here, "ids", None)
        return ids[0] if ids else super().generate_trace_id()

    def generate_span_id(self) -> int:
        ids: tuple[int, int] | None = getattr(self._here, "ids", None)
        return ids[1] if ids else super().generate_span_id()


def _root_id(job_id: str) -> int:
    return int.from_bytes(hashlib.sha256(b"hasten job " + job_id.encode()).digest()[:8])


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1e9)
