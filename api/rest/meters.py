"""What an API process counts of its requests."""

from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class RequestMeters:
    """Requests by route and status, with how long their answers took to begin.

    Where several processes listen at one address, each keeps its counts in files of a folder, and any can tell of all.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is that of prometheus-client's mode for several processes."""
        self._folder = folder
        self._own = CollectorRegistry()
        registry = None if folder else self._own
        self._requests = Counter(
            "hasten_http_requests", "Requests that were answered.", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "hasten_http_request_seconds",
            "How long requests waited for their answer to begin.",
            ["method", "route"],
            buckets=BUCKETS_S,
            registry=registry,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        known = method if method in METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)

    def registry(self) -> CollectorRegistry:
        """What to tell of."""
        if self._folder is None:
            return self._own
        gathered = CollectorRegistry()
        MultiProcessCollector(gathered, str(self._folder))  # type: ignore[no-untyped-call]
        return gathered


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Others are counted as one: a stranger may send any word."""
