"""The tools of a job with a span for whatever they do: nothing that decides knows of traces."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from types import TracebackType
from typing import Self

from agent.domain import Candidate, Spend, Step, StepKind, Verdict
from agent.kit import Kit
from agent.models.messages import Chat, Reply, Request
from agent.protocols import Journal, Progress
from tools.sandbox.contract import Command, Finished, Process, Reading, Sandbox
from workers.tracing.job import JobSpans
from workers.tracing.traces import Attributes, Span


def traced(kit: Kit, spans: JobSpans) -> Kit:
    """The same tools, with a span for each probe, model call and sandbox run."""
    return replace(
        kit,
        sandbox=TracedSandbox(kit.sandbox, spans),
        journal=TracedJournal(kit.journal, spans),
        progress=TracedProgress(kit.progress, spans),
        chat=None if kit.chat is None else TracedChat(kit.chat, spans),
    )


class TracedProgress:
    """A progress that also opens the spans of probes."""

    def __init__(self, inner: Progress, spans: JobSpans) -> None:
        self._inner = inner
        self._spans = spans

    def phase(self, name: str, detail: str = "") -> None:
        """A new phase of the job began."""
        self._inner.phase(name, detail)

    def note(self, text: str) -> None:
        """One line worth reading now."""
        self._inner.note(text)

    def candidate(self, candidate: Candidate, activity: str) -> None:
        """What is being done with a candidate now."""
        self._spans.probe_began(candidate.number, activity)
        self._inner.candidate(candidate, activity)

    def verdict(self, candidate: Candidate, verdict: Verdict) -> None:
        """A candidate was judged."""
        self._spans.probe_ended({})
        self._inner.verdict(candidate, verdict)

    def spent(self, spend: Spend) -> None:
        """What the job has spent so far."""
        self._inner.spent(spend)


class TracedJournal:
    """A journal whose evidence ends the span of the probe that saw it."""

    def __init__(self, inner: Journal, spans: JobSpans) -> None:
        self._inner = inner
        self._spans = spans

    def append(
        self,
        kind: StepKind,
        title: str,
        data: Mapping[str, object] | None = None,
        *,
        candidate: int | None = None,
        round: int = 0,
    ) -> Step:
        """Write one step; it is on disk when this returns."""
        step = self._inner.append(kind, title, data, candidate=candidate, round=round)
        if kind is StepKind.EVIDENCE:
            self._spans.probe_ended({"hasten.evidence": str((data or {}).get("kind", ""))})
        return step

    def steps(self, *kinds: StepKind, round: int | None = None) -> Sequence[Step]:
        """The job's steps, in order."""
        return self._inner.steps(*kinds, round=round)

    def reserve_confirmation(self) -> int:
        """Take the next number for a confirmation of this job."""
        return self._inner.reserve_confirmation()


class TracedChat:
    """A chat with a span for each answer."""

    def __init__(self, inner: Chat, spans: JobSpans) -> None:
        self.inner = inner
        self._spans = spans

    def reply(self, request: Request, *, timeout_s: float) -> Reply:
        """One answer; what was asked and said is no part of the span."""
        span = self._spans.leaf(f"model {request.model.partition(':')[0]}", {"gen_ai.request.model": request.model})
        try:
            reply = self.inner.reply(request, timeout_s=timeout_s)
            usage = {"input_tokens": reply.usage.input_tokens, "output_tokens": reply.usage.output_tokens}
            span.tell({f"gen_ai.usage.{name}": count for name, count in usage.items()})
        except BaseException as error:
            span.tell({"error.type": type(error).__name__}, failed=True)
            raise
        finally:
            span.end()
        return reply


class TracedSandbox:
    """A sandbox with a span for each command."""

    def __init__(self, inner: Sandbox, spans: JobSpans) -> None:
        self.name = inner.name
        self._inner = inner
        self._spans = spans

    @property
    def degraded(self) -> tuple[str, ...]:
        """What this host keeps the sandbox from enforcing."""
        return self._inner.degraded

    def run(self, command: Command) -> Finished:
        """Run to the end."""
        span = self._begin(command)
        try:
            finished = self._inner.run(command)
            span.tell(_told(finished))
        except BaseException as error:
            span.tell({"error.type": type(error).__name__}, failed=True)
            raise
        finally:
            span.end()
        return finished

    def spawn(self, command: Command) -> Process:
        """Start with pipes; the span ends with the process."""
        span = self._begin(command)
        try:
            return TracedProcess(self._inner.spawn(command), span)
        except BaseException as error:
            span.tell({"error.type": type(error).__name__}, failed=True)
            span.end()
            raise

    def sweep(self) -> int:
        """Remove what earlier, killed supervisors of this host left behind."""
        return self._inner.sweep()

    def _begin(self, command: Command) -> Span:
        """Arguments and environment are no part of the span: they may hold what a stranger wrote."""
        program = PurePath(command.argv[0]).name if command.argv else ""
        return self._spans.leaf("sandbox", {"process.executable.name": program})


class TracedProcess:
    """A running command whose span ends with it."""

    def __init__(self, inner: Process, span: Span) -> None:
        self._inner = inner
        self._span = span

    def send(self, data: bytes, *, timeout_s: float) -> None:
        """Write all of `data` to its standard input."""
        self._inner.send(data, timeout_s=timeout_s)

    def receive(self, most_bytes: int, *, timeout_s: float) -> bytes:
        """Read what is there."""
        return self._inner.receive(most_bytes, timeout_s=timeout_s)

    def reading(self) -> Reading:
        """Both clocks now."""
        return self._inner.reading()

    def stop(self) -> Finished:
        """Kill the whole tree now."""
        return self._over(self._inner.stop())

    def wait(self, *, timeout_s: float) -> Finished:
        """Close its input and wait for its end."""
        return self._over(self._inner.wait(timeout_s=timeout_s))

    def __enter__(self) -> Self:
        self._inner.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._inner.__exit__(kind, error, trace)
        self._span.end()

    def _over(self, finished: Finished) -> Finished:
        self._span.tell(_told(finished))
        self._span.end()
        return finished


def _told(finished: Finished) -> Attributes:
    told: dict[str, str | int | float] = {"hasten.ended": finished.ended.value}
    if finished.exit_code is not None:
        told["process.exit.code"] = finished.exit_code
    if finished.peak_memory_bytes is not None:
        told["hasten.peak_memory_bytes"] = finished.peak_memory_bytes
    return told
