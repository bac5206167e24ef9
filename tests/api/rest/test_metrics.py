"""Metrics: what they count, who sees them, and that each is documented."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from serving import app_of, key_for, submitted
from sqlalchemy import update

from agent.domain import UNCHANGED, Candidate, Directive, Origin, Outcome, Spend, StepKind, Verdict
from api.rest.meters import RequestMeters
from api.rest.metrics import StoreCollector
from storage.store import Store, open_store
from storage.tables import jobs
from storage.tenants import Scope

DOCS = (Path(__file__).parents[3] / "docs/observing.md").read_text()
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[Store]:
    with open_store(tmp_path, database_url) as opened:
        yield opened


@pytest.fixture
def client(store: Store, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(app_of(store, tmp_path)) as opened:
        yield opened


def scraped(client: TestClient, store: Store) -> Samples:
    answer = client.get("/metrics", headers=key_for(store, "main", Scope.OPERATOR))
    assert answer.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


def test_every_metric_is_documented(store: Store) -> None:
    families = [*StoreCollector(store).collect(), *RequestMeters().registry().collect()]
    names = [f"{one.name}_total" if one.type == "counter" else one.name for one in families]
    assert len(names) > 10
    documented = set(re.findall(r"^\| `(hasten_\w+)`", DOCS, re.MULTILINE))
    assert documented == set(names)


def test_only_an_operator_sees_them(client: TestClient, store: Store) -> None:
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers=key_for(store, "acme", Scope.READ, Scope.ADMIN)).status_code == 403


def test_requests_are_counted_by_route_and_never_by_path(client: TestClient, store: Store) -> None:
    for path in ("/healthz", "/healthz", "/secret/1", "/secret/2", "/v1/jobs/a1/steps", "/v1/jobs/a2/steps"):
        client.get(path, headers={"Accept": "text/event-stream"})
    client.request("BREW", "/healthz")
    samples = scraped(client, store)
    count = "hasten_http_requests_total"
    assert value(samples, count, method="GET", route="/healthz", status="200") == 2
    assert value(samples, count, method="GET", route="unmatched", status="404") == 2
    assert value(samples, count, method="GET", route="/v1/jobs/{job_id}/steps", status="401") == 2
    assert value(samples, count, method="other", route="/healthz", status="405") == 1
    assert value(samples, "hasten_http_request_seconds_count", method="GET", route="/healthz") == 2
    assert not [labels for _, labels in samples if "secret" in str(labels)]


def test_jobs_and_the_queue(client: TestClient, store: Store) -> None:
    for job_id in ("a1", "a2", "a3"):
        submitted(store, job_id)
    store.queue.claim("a1", "w")
    earlier = datetime.now(UTC) - timedelta(minutes=10)
    with store.database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.id == "a2").values(created=earlier, due=datetime.now(UTC)))
    samples = scraped(client, store)
    assert value(samples, "hasten_jobs", status="queued") == 2
    assert value(samples, "hasten_jobs", status="running") == 1
    assert value(samples, "hasten_jobs", status="failed") == 0
    assert value(samples, "hasten_queue_jobs") == 2
    assert 600 <= value(samples, "hasten_queue_oldest_seconds") < 700
    assert value(samples, "hasten_leases") == 1
    assert value(samples, "hasten_workers") == 0


def test_work_is_counted_as_it_is_written(client: TestClient, store: Store) -> None:
    submitted(store, "a1")
    lease = store.queue.claim("a1", "w")
    journal, archive = store.jobs.journal("a1", lease), store.jobs.archive("a1", lease)
    archive.begin(Directive(round=1, parent=UNCHANGED, proposer="rewrite", target="m:f", method="x"))
    for number, outcome in enumerate((Outcome.KEPT, Outcome.NOT_FASTER, Outcome.NOT_FASTER), 1):
        candidate = Candidate(number=number, patch=f"p{number}", parents=(0,), origin=Origin.REWRITE, summary="s")
        archive.add(candidate, Verdict(outcome=outcome, reason="r"), ())
    usage = {"input_tokens": 70, "output_tokens": 30}
    for repeated in (False, True):
        reply = {"message": {"role": "assistant", "text": "t", "calls": []}, "usage": usage, "finish": "stop"}
        data = {"reply": reply | {"seconds": 1.0}, "usd": 0.5, "repeated": repeated, "model": "x:y"}
        journal.append(StepKind.REPLY, "said", data)
    archive.end(1, Spend())
    samples = scraped(client, store)
    assert value(samples, "hasten_verdicts_total", outcome="KEPT") == 1
    assert value(samples, "hasten_verdicts_total", outcome="NOT_FASTER") == 2
    assert value(samples, "hasten_verdicts_total", outcome="CHEATED") == 0
    assert value(samples, "hasten_rounds_total", outcome="ended") == 1
    assert value(samples, "hasten_round_seconds_bucket", le="3600") == 1
    assert value(samples, "hasten_round_seconds_count") == 1
    assert value(samples, "hasten_model_calls_total") == 1
    assert value(samples, "hasten_model_tokens_total") == 100
    assert value(samples, "hasten_model_usd_total") == 0.5


def test_processes_of_one_api_tell_of_each_other(tmp_path: Path) -> None:
    """As prometheus-client has it: each process writes files, any process reads them all."""
    one = "from pathlib import Path; from api.rest.meters import RequestMeters; m = RequestMeters(Path({0!r}))\n"
    count = one + "m.observe('GET', '/healthz', 200, 0.1)"
    tell = one + "from prometheus_client import generate_latest; print(generate_latest(m.registry()).decode())"
    environment = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for script in (count, count, tell):
        command = [sys.executable, "-c", script.format(str(tmp_path))]
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert 'hasten_http_requests_total{method="GET",route="/healthz",status="200"} 2.0' in told
