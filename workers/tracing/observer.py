"""Rounds as the log and the traces see them."""

from contextlib import ExitStack

from agent.domain import Job
from agent.kit import Kit
from storage.leases import Lease
from workers.context import about
from workers.observing import How, Observer
from workers.settings import Settings
from workers.tracing.job import JobSpans
from workers.tracing.kit import traced
from workers.tracing.traces import Traces, Untraced, start_traces

ENDS = (How.FINISHED, How.FAILED, How.CANCELLED)


class TracingObserver(Observer):
    """Says in every line of the log which job it is about, and makes a span of each hold on a job and of what it did.

    One process holds one job at a time.
    """

    def __init__(self, settings: Settings, traces: Traces | None = None) -> None:
        """Made before a worker forks: what sends spans is made in each process that has something to tell."""
        self._settings = settings
        self._traces = traces
        self._held = ExitStack()
        self._spans: JobSpans | None = None

    def began(self, job: Job, lease: Lease) -> None:
        """A worker took the job."""
        self._held.enter_context(about(job=job.id))
        if self._traces is None:
            self._traces = start_traces(self._settings, "worker")
        if not isinstance(self._traces, Untraced):
            trace = self._traces.job(job.id)
            self._spans = JobSpans(trace)
            attributes = {"hasten.attempt": lease.attempt, "hasten.fence": lease.fence}
            trace.begin("claim", attributes, since=job.created if lease.fence == 1 else None).end()
            self._held.enter_context(self._spans.span("round", attributes))
        super().began(job, lease)

    def tools(self, kit: Kit) -> Kit:
        """The tools that the round works with, with a span for whatever they do."""
        return kit if self._spans is None else traced(kit, self._spans)

    def ended(self, job: Job, lease: Lease, how: How, seconds: float) -> None:
        """It gave the job back, ended it or lost it."""
        super().ended(job, lease, how, seconds)
        if self._spans is not None and self._traces is not None:
            self._spans.tell({"hasten.how": how.value}, failed=how in (How.FAILED, How.LOST))
        self._held.close()
        if self._spans is not None and self._traces is not None and how in ENDS:
            self._traces.job(job.id).whole(job.created, {"hasten.status": how.value})
        self._spans = None

    def closed(self) -> None:
        """Send what is left."""
        if self._traces is not None:
            self._traces.close()
