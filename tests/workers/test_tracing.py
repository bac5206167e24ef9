"""Traces: one for a job in whatever process, told to a collector over HTTP, and without secrets."""

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from silent import silent_job

from agent.domain import Candidate, Job, Origin, Outcome, StepKind, Verdict
from agent.kit import Kit
from agent.models.messages import Message, Reply, Request, Usage
from storage.leases import Lease
from tools.sandbox.contract import Command, Ended, Finished
from workers.observing import How
from workers.redaction import Redactor
from workers.settings import Settings
from workers.tracing.job import JobSpans
from workers.tracing.observer import TracingObserver
from workers.tracing.otel import OtelTraces
from workers.tracing.traces import Untraced, start_traces, trace_id_of

LEASE = Lease(job_id="a1", owner="w", fence=1, attempt=0, deaths=0)
CREATED = datetime(2026, 11, 29, 1, tzinfo=UTC)
JOB = Job(id="a1", source="https://example.org/x", created=CREATED)
DONE = Finished(
    ended=Ended.EXITED,
    exit_code=0,
    signal=None,
    stdout=b"",
    stderr=b"",
    truncated=False,
    wall_s=0.0,
    cpu_s=None,
    peak_memory_bytes=5,
)


@dataclass
class Recording:
    """A sandbox that runs nothing."""

    name: str = "recording"
    degraded: tuple[str, ...] = ()
    commands: list[Command] = field(default_factory=list)

    def run(self, command: Command) -> Finished:
        self.commands.append(command)
        return DONE

    def spawn(self, command: Command) -> Any:
        raise OSError(f"no process for {command.argv}")

    def sweep(self) -> int:
        return 0


class Model:
    """A chat that says one thing."""

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        del request, timeout_s
        return Reply(message=Message(role="assistant", text="t"), usage=Usage(input_tokens=7, output_tokens=3))


@pytest.fixture
def told() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def traces(told: InMemorySpanExporter) -> Iterator[OtelTraces]:
    opened = OtelTraces(told, Redactor(["very-secret"]), "test", batch=False)
    yield opened
    opened.close()


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    _, kit = silent_job(tmp_path, tmp_path, {})
    return replace(kit, sandbox=Recording(), chat=Model())


def by_name(told: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in told.get_finished_spans()}


def parent_of(span: ReadableSpan, spans: dict[str, ReadableSpan]) -> str | None:
    names = {one.get_span_context().span_id: name for name, one in spans.items()}
    return None if span.parent is None else names.get(span.parent.span_id)


def a_round(observer: TracingObserver, kit: Kit, how: How) -> None:
    """As a worker process has it: probes on a candidate, sandboxes within and beside them, a model that is asked."""
    observer.began(JOB, LEASE)
    tools = observer.tools(kit)
    assert tools.chat is not None
    tools.chat.reply(Request(model="openai:gpt", messages=()), timeout_s=1.0)
    candidate = Candidate(number=3, patch="p", parents=(0,), origin=Origin.REWRITE, summary="s")
    tools.progress.candidate(candidate, "builds?")
    in_a_thread = threading.Thread(
        target=lambda: tools.sandbox.run(
            Command(argv=("/env/bin/python", "-c", "very-secret"), env={"K": "very-secret"})
        )
    )
    in_a_thread.start()
    in_a_thread.join()
    tools.journal.append(StepKind.EVIDENCE, "builds?", {"kind": "built"}, candidate=3)
    tools.progress.candidate(candidate, "faster for certain?")
    tools.progress.candidate(candidate, "confirm: pair 1/60")
    tools.journal.append(StepKind.EVIDENCE, "faster for certain?", {"kind": "timed"}, candidate=3)
    tools.progress.verdict(candidate, Verdict(outcome=Outcome.KEPT, reason="r"))
    observer.ended(JOB, LEASE, how, 1.0)


def test_a_round_with_all_that_was_done_in_it(
    traces: OtelTraces, told: InMemorySpanExporter, kit: Kit, tmp_path: Path
) -> None:
    a_round(TracingObserver(Settings(home=tmp_path), traces), kit, How.FINISHED)
    spans = by_name(told)
    assert {name: parent_of(span, spans) for name, span in spans.items()} == {
        "job": None,
        "claim": "job",
        "round": "job",
        "model openai": "round",
        "probe builds?": "round",
        "sandbox": "probe builds?",
        "probe faster for certain?": "round",
    }
    assert {f"{span.get_span_context().trace_id:032x}" for span in spans.values()} == {trace_id_of("a1")}
    assert spans["job"].start_time == spans["claim"].start_time == int(CREATED.timestamp() * 1e9)
    assert dict(spans["sandbox"].attributes or {}) == {
        "hasten.job": "a1",
        "process.executable.name": "python",
        "hasten.ended": "exited",
        "process.exit.code": 0,
        "hasten.peak_memory_bytes": 5,
    }
    assert (spans["model openai"].attributes or {})["gen_ai.usage.output_tokens"] == 3
    assert (spans["probe builds?"].attributes or {})["hasten.candidate"] == 3
    assert (spans["job"].attributes or {})["hasten.status"] == "finished"
    assert "very-secret" not in str([span.to_json() for span in spans.values()])


def test_processes_agree_on_the_trace_of_a_job(kit: Kit, tmp_path: Path) -> None:
    found = []
    for how in (How.ROUND, How.FINISHED):
        told = InMemorySpanExporter()
        traces = OtelTraces(told, Redactor(), "test", batch=False)
        a_round(TracingObserver(Settings(home=tmp_path), traces), kit, how)
        traces.close()
        found.append(by_name(told))
    first, second = found
    assert "job" not in first
    assert first["round"].parent is not None
    assert first["round"].parent.span_id == second["job"].get_span_context().span_id


def test_a_job_and_the_request_that_submitted_it_are_linked(traces: OtelTraces, told: InMemorySpanExporter) -> None:
    caller = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    with traces.request({"traceparent": caller}) as request:
        traces.job("a1").begin("submit").end()
        request.tell({"url": "token=very-secret"}, name="POST /v1/jobs")
    spans = by_name(told)
    asked, submit = spans["POST /v1/jobs"], spans["submit"]
    assert f"{asked.get_span_context().trace_id:032x}" == "a" * 32
    assert f"{submit.get_span_context().trace_id:032x}" == trace_id_of("a1")
    assert [link.context.span_id for link in submit.links] == [asked.get_span_context().span_id]
    assert [f"{link.context.trace_id:032x}" for link in asked.links] == [trace_id_of("a1")]
    assert (asked.attributes or {})["url"] == "token=[hidden]"


def test_what_fails_is_told_and_closed(
    traces: OtelTraces, told: InMemorySpanExporter, kit: Kit, tmp_path: Path
) -> None:
    observer = TracingObserver(Settings(home=tmp_path), traces)
    observer.began(JOB, LEASE)
    with pytest.raises(OSError, match="no process"):
        observer.tools(kit).sandbox.spawn(Command(argv=("x",)))
    observer.ended(JOB, LEASE, How.LOST, 1.0)
    spans = by_name(told)
    assert not spans["sandbox"].status.is_ok
    assert (spans["sandbox"].attributes or {})["error.type"] == "OSError"
    assert not spans["round"].status.is_ok
    assert "job" not in spans


def test_a_collector_gets_them_over_http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    received: list[Any] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            received.append((self.path, self.headers.get("x-team"), ExportTraceServiceRequest.FromString(body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-team=hasten")
    traces = start_traces(Settings(home=tmp_path), "api")
    with traces.request({}) as span:
        span.tell({}, name="GET /healthz")
    traces.close()
    server.shutdown()
    server.server_close()
    ((path, team, sent),) = received
    assert (path, team) == ("/v1/traces", "hasten")
    (resource,) = sent.resource_spans
    named = {one.key: one.value.string_value for one in resource.resource.attributes}
    assert (named["service.name"], named["hasten.role"]) == ("hasten", "api")
    assert [span.name for span in resource.scope_spans[0].spans] == ["GET /healthz"]


def test_without_a_collector_nothing_of_it_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    traces = start_traces(Settings(home=tmp_path), "worker")
    assert isinstance(traces, Untraced)
    with traces.request({}) as span:
        assert span.trace_id == ""
    with JobSpans(traces.job("a1")).span("round"):
        pass
    script = (
        "import sys; from pathlib import Path; from workers.settings import Settings\n"
        "from workers.tracing.observer import TracingObserver\n"
        "from workers.tracing.traces import start_traces\n"
        "start_traces(Settings(home=Path('.')), 'x')\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env={})
    assert loaded.stdout.strip() == "[]"
