"""A whole service with its worker, followed by everything that can follow it: stream, webhook, traces, log, metrics."""

import json
from pathlib import Path

import httpx
from receiving import receiving
from serving_whole import PATIENCE_S, served

from workers.tracing.traces import trace_id_of


def test_a_job_is_seen_from_everywhere(home: Path) -> None:
    with receiving() as hook, receiving() as collector:
        env = {
            "HASTEN_ALLOW_LOCAL_REPOSITORIES": "1",
            "HASTEN_ALLOW_LOCAL_WEBHOOKS": "1",
            "HASTEN_LOG_FORMAT": "json",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url.removesuffix("/hook"),
            "OTEL_BSP_SCHEDULE_DELAY": "100",
        }
        with served(home, env=env) as service:
            key = service.key()
            headers = {"Authorization": f"Bearer {key}"}
            with httpx.Client(base_url=service.url, headers=headers, timeout=PATIENCE_S, trust_env=False) as client:
                assert client.post("/v1/webhooks", json={"url": hook.url}).status_code == 201
                nothing = home.parent / "nothing"
                nothing.mkdir()
                asked = {"repository": str(nothing)}
                answer = client.post("/v1/jobs", json=asked, headers={"X-Request-ID": "mine"})
                assert answer.status_code == 202, answer.text
                job = answer.json()["id"]
                events = {"Accept": "text/event-stream"}
                with client.stream("GET", f"/v1/jobs/{job}/steps", headers=events) as answer:
                    lines = [line for line in answer.iter_lines() if line.startswith("event:")]
                told = [json.loads(hook.wait(number).body)["type"] for number in range(3)]
                metrics = client.get("/metrics").text
            assert service.stop() == 0
        records = [json.loads(line) for line in service.errors().splitlines() if line.startswith("{")]
    assert lines[0] == "event: status"
    assert lines[-2:] == ["event: status", "event: end"]
    assert "event: step" in lines
    assert sorted(told) == ["job.failed", "job.queued", "job.started"]
    assert 'hasten_jobs{status="failed"} 1.0' in metrics
    assert 'hasten_http_requests_total{method="POST",route="/v1/jobs",status="202"} 1.0' in metrics
    assert "hasten_workers 1.0" in metrics
    loggers = {one["logger"].partition(".")[0] for one in records if one.get("job") == job}
    assert {"api", "workers"} <= loggers
    assert {one["trace"] for one in records if one.get("job") == job and one["logger"] != "api.rest.requests"} == {
        trace_id_of(job)
    }
    assert [one["request"] for one in records if one.get("route") == "/v1/jobs"] == ["mine"]
    assert key is not None
    assert key not in service.errors()
    sent = b"".join(one.body for one in collector.received)
    assert bytes.fromhex(trace_id_of(job)) in sent
    assert all(name in sent for name in (b"submit", b"claim", b"round", b"POST /v1/jobs"))
