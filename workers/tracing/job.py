"""The spans of a job: which one is open, and what stands below it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from workers.tracing.traces import Attributes, JobTrace, Span


class JobSpans:
    """What is open in a job now: a round, and a probe within it. Whatever begins meanwhile stands below the innermost.

    Tools of a session run in threads of their own, so that what is open is known here and not by the thread.
    """

    def __init__(self, trace: JobTrace) -> None:
        self._trace = trace
        self._open: list[Span] = []
        self._probe: Span | None = None
        self._lock = threading.Lock()

    @contextmanager
    def span(self, name: str, attributes: Attributes | None = None) -> Iterator[Span]:
        """A part of the work that others stand below."""
        span = self.leaf(name, attributes)
        self._open.append(span)
        try:
            yield span
        except BaseException as error:
            span.tell({"error.type": type(error).__name__}, failed=True)
            raise
        finally:
            self.probe_ended({})
            self._open.remove(span)
            span.end()

    def tell(self, attributes: Attributes, *, failed: bool = False) -> None:
        """Add to the innermost part of the work what became known meanwhile."""
        if self._open:
            self._open[-1].tell(attributes, failed=failed)

    def leaf(self, name: str, attributes: Attributes | None = None) -> Span:
        """A part that nothing stands below; whoever begins it ends it."""
        within = self._probe or (self._open[-1] if self._open else None)
        return self._trace.begin(name, attributes, within=within)

    def probe_began(self, candidate: int, activity: str) -> None:
        """A probe looks at a candidate, unless one does already: then this is only how far it came."""
        with self._lock:
            if self._probe is None:
                self._probe = self.leaf(f"probe {activity}", {"hasten.candidate": candidate})

    def probe_ended(self, attributes: Attributes) -> None:
        """The probe has seen what there is to see."""
        with self._lock:
            probe, self._probe = self._probe, None
        if probe is not None:
            probe.tell(attributes)
            probe.end()
