"""`/metrics`: what the database knows of the whole service, and what this API counted of its requests."""

from collections.abc import Iterable, Iterator, Mapping

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from agent.domain import Outcome
from agent.protocols import JobStatus
from api.rest.auth import Operator
from api.rest.meters import RequestMeters
from api.rest.service import Held
from storage.gauges import Gauges
from storage.store import Store
from storage.tallies import INFINITE, ROUND_BUCKETS_S, SUM, Tally

router = APIRouter(tags=["operation"])
EXAMPLE = "# TYPE hasten_queue_jobs gauge\nhasten_queue_jobs 3.0\n"

COUNTERS: tuple[tuple[Tally, str, str, str | None, tuple[str, ...]], ...] = (
    (Tally.VERDICTS, "hasten_verdicts", "Judged candidates.", "outcome", tuple(Outcome)),
    (Tally.ROUNDS, "hasten_rounds", "Rounds, by how they ended.", "outcome", ("ended", "handed_over", "lost")),
    (Tally.LEASES_LOST, "hasten_leases_lost", "Jobs taken from workers that were not heard of.", None, ()),
    (Tally.SWEEPS, "hasten_sweeps", "Looks for jobs of dead workers.", None, ()),
    (Tally.MODEL_CALLS, "hasten_model_calls", "Replies of models that were paid for.", None, ()),
    (Tally.MODEL_TOKENS, "hasten_model_tokens", "Tokens of these, read and written ones together.", None, ()),
    (Tally.MODEL_USD, "hasten_model_usd", "Dollars of these, where the price is known.", None, ()),
    (
        Tally.DELIVERIES,
        "hasten_deliveries",
        "Tries to send to webhooks.",
        "outcome",
        ("delivered", "failed", "gave_up"),
    ),
)
"""Each with its name, its words, the name of its label and the labels that are shown from the start."""


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}, "example": EXAMPLE}}}},
)
def metrics(request: Request, caller: Operator, service: Held) -> Response:
    """The metrics of the service in Prometheus' text format, for a key with the scope `operator`."""
    del caller
    meters: RequestMeters = request.app.state.meters
    return Response(exposition(service.store, meters), media_type=CONTENT_TYPE_LATEST)


def exposition(store: Store, meters: RequestMeters) -> bytes:
    """All metrics, in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(StoreCollector(store))
    return generate_latest(registry) + generate_latest(meters.registry())


class StoreCollector(Collector):
    """What the database knows: the same from every process, so that it is not to be summed over them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterable[Metric]:
        """Everything as it is now."""
        tallies = self._store.tallies.all()
        yield from _gauges(self._store.gauges.read())
        for tally, name, words, label, shown in COUNTERS:
            counter = CounterMetricFamily(name, words, labels=[label] if label else [])
            amounts = dict.fromkeys(shown or [""], 0.0) | dict(tallies[tally])
            for value, amount in amounts.items():
                counter.add_metric([value] if label else [], amount)
            yield counter
        yield _round_seconds(tallies[Tally.ROUND_SECONDS])


def _gauges(now: Gauges) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("hasten_jobs", "Jobs that are remembered.", labels=["status"])
    for status in JobStatus:
        jobs.add_metric([status.value], now.jobs.get(status.value, 0))
    yield jobs
    yield GaugeMetricFamily("hasten_queue_jobs", "Jobs that wait for a worker.", now.waiting)
    yield GaugeMetricFamily("hasten_queue_oldest_seconds", "How long the oldest of them has waited.", now.oldest_s)
    yield GaugeMetricFamily("hasten_leases", "Jobs that a worker holds.", now.held)
    yield GaugeMetricFamily("hasten_workers", "Worker processes that are alive.", now.workers)
    yield GaugeMetricFamily("hasten_deliveries_due", "Messages to webhooks that are still to be sent.", now.deliveries)


def _round_seconds(amounts: Mapping[str, float]) -> Metric:
    family = HistogramMetricFamily("hasten_round_seconds", "How long rounds took that came to their end.")
    reached = 0.0
    buckets = []
    for bucket in (*(f"{most:g}" for most in ROUND_BUCKETS_S), INFINITE):
        reached += amounts.get(bucket, 0.0)
        buckets.append((bucket, reached))
    family.add_metric([], buckets, amounts.get(SUM, 0.0))
    return family
