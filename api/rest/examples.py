"""An example of every answer, by the name of its schema; a test holds each to its model."""

from typing import Any

from api.judgement import Judgement
from api.report import Report

_SPEND = {
    "wall_s": 412.7,
    "candidates": 18,
    "model_calls": 64,
    "tokens": 310_512,
    "usd": 0.41,
    "unpriced_tokens": 0,
}
_SPEEDUP = {"point": 1.42, "low": 1.37, "high": 1.48, "level": 0.95, "pairs": 21}
_SUMMARY = {
    "id": "4f1d2c3b5a697887",
    "kind": "optimize",
    "status": "finished",
    "detail": "2 kept, 1.42x",
    "wanted": "",
    "repository": "https://github.com/owner/name",
    "ref": "main",
    "subdirectory": "",
    "target": None,
    "strategy": "portfolio",
    "models": ["openai:gpt-5-mini"],
    "created": "2026-11-22T12:00:00Z",
    "ended": "2026-11-22T12:07:12Z",
    "attempt": 0,
    "spend": _SPEND,
    "candidates": {"judged": 18, "kept": 2},
    "gain": _SPEEDUP,
}
_JOB = {
    **_SUMMARY,
    "selector": "fastest",
    "since": None,
    "fresh": False,
    "seed": 0,
    "goal": {"min_gain": 0.02, "hoped_gain": None},
    "budget": {"wall_s": 900.0, "candidates": 60, "model_calls": 400, "tokens": 4_000_000, "usd": 2.5},
    "workload": {"path": None, "text": None, "command": "python bench.py --seed {seed}"},
    "recipe": None,
    "sandbox": "bubblewrap",
}
_STEP = {
    "number": 17,
    "kind": "verdict",
    "title": "#3 KEPT: 1.42x on bench.py",
    "data": {"outcome": "KEPT"},
    "candidate": 3,
    "round": 2,
    "attempt": 0,
    "at": "2026-11-22T12:03:41Z",
}
_REVIEW = {
    "number": 5,
    "kind": "reject",
    "text": "the loop is never that long here",
    "candidate": 3,
    "path": None,
    "line": None,
    "author": "nightly",
    "at": "2026-11-22T12:30:00Z",
}
_CANDIDATE = {
    "number": 3,
    "origin": "model",
    "author": "openai:gpt-5-mini",
    "summary": "shop/stock.py: total sums once",
    "target": "shop.stock:total",
    "parents": [0],
    "round": 2,
    "verdict": "KEPT",
    "reason": "1.42x faster on bench.py",
    "speedup": _SPEEDUP,
}
PATCH = (
    "--- a/shop/stock.py\n+++ b/shop/stock.py\n@@ -1,2 +1,2 @@\n def total(prices):\n"
    "-    return slow_sum(prices)\n+    return sum(prices)\n"
)
_KEY = {
    "id": "0badc0de0badc0de",
    "name": "nightly",
    "scopes": ["read", "write"],
    "created": "2026-11-22T12:00:00Z",
    "expires": None,
    "revoked": None,
    "used": None,
}
_MADE_KEY = {**_KEY, "key": "hst_example"}
_TENANT = {
    "id": "acme",
    "name": "Acme",
    "created": "2026-11-22T12:00:00Z",
    "limits": {
        "queued_jobs": 1000,
        "running_jobs": 4,
        "jobs_per_day": 10_000,
        "usd_per_month": 200.0,
        "requests_per_s": 20.0,
        "job_wall_s": 86_400.0,
        "job_candidates": 10_000,
        "job_model_calls": 100_000,
        "job_tokens": 1_000_000_000,
        "job_usd": 1000.0,
        "keep_jobs_days": "default",
        "keep_steps_days": "default",
    },
}
_OF_REPORT: dict[str, Any] = {
    "schema_version": 1,
    "hasten": "0.1.0",
    "digest": "9f" * 32,
    "job": "4f1d2c3b5a697887",
    "asked": {"min_gain": 0.02, "seed": 0},
    "snapshot": {"source": "https://github.com/owner/name", "commit": "1f" * 20},
    "machine": {"cores": 2, "python": "3.11.7"},
    "calibration": {"noise": 0.004, "clock": "cpu", "pairs": 12, "accepted": False},
    "baseline": {
        "tests": {"passed": 41, "failed": 0, "flaky": 1, "scope": "full"},
        "workloads": [],
        "targets": [],
    },
    "spend": _SPEND,
}
_REPORT = Report.model_validate(
    {
        **_OF_REPORT,
        "kept": [
            {
                "candidate": 3,
                "patch": PATCH,
                "summary": "shop/stock.py: total sums once",
                "speedup": _SPEEDUP,
                "workload": "bench.py",
                "tests": {"passed": 41, "failed": 0, "flaky": 1, "scope": "full"},
                "equivalence": {"cases": 240, "fresh": 200},
                "caveats": [],
                "reproduce": "hasten judge https://github.com/owner/name --patch 3.patch",
            }
        ],
        "combined": None,
        "rejected": {"NOT_FASTER": 12},
        "candidates": [],
        "ended": "every target was tried",
    }
).model_dump(mode="json")
_JUDGEMENT = Judgement.model_validate(
    {
        **_OF_REPORT,
        "verdict": "KEPT",
        "reason": "1.42x faster on bench.py",
        "speedup": _SPEEDUP,
        "workload": "bench.py",
        "tests": {"passed": 41, "failed": 0, "flaky": 1, "scope": "full"},
        "equivalence": {"cases": 240, "fresh": 200},
        "instructions": None,
        "measured": None,
        "caveats": [],
        "checks": [{"name": "tests", "passed": True, "detail": "41 passed"}],
        "patch": PATCH,
        "reproduce": "hasten judge https://github.com/owner/name --patch 3.patch",
    }
).model_dump(mode="json")

_WEBHOOK = {
    "id": "9d1c2b3a4f5e6d7c",
    "url": "https://ci.example.org/hasten",
    "events": ["job.finished", "job.failed"],
    "active": True,
    "created": "2026-11-22T12:00:00Z",
}
_DELIVERY = {
    "id": "msg_4f1d2c3b5a6978874f1d2c3b",
    "event": "job.finished",
    "body": '{"type": "job.finished", "timestamp": "2026-11-22T12:07:12Z", "data": {"job": "4f1d2c3b5a697887"}}',
    "created": "2026-11-22T12:07:12Z",
    "attempts": 1,
    "due": None,
    "delivered": "2026-11-22T12:07:13Z",
    "detail": "answered 204",
}

EXAMPLES: dict[str, Any] = {
    "JobShown": _JOB,
    "JobPage": {"items": [_SUMMARY], "next": "MjAyNi0xMS0yMlQxMjowMDowMCswMDowMCA0ZjFkMmMzYjVhNjk3ODg3"},
    "StepPage": {"items": [_STEP], "next": 17},
    "CandidatePage": {"items": [_CANDIDATE], "next": None},
    "CandidateShown": {
        **_CANDIDATE,
        "patch": PATCH,
        "caveats": [],
        "evidence": [{"kind": "Compared", "cases": 240, "fresh": 200, "difference": None}],
        "samples": [],
        "profile": {"before": "shop/stock.py:total;shop/sums.py:slow_sum 48211", "after": None},
        "reviews": [_REVIEW],
    },
    "ReviewPart": _REVIEW,
    "ReviewPage": {"items": [_REVIEW], "next": None},
    "Report": _REPORT,
    "JudgementShown": {**_JOB, "kind": "judgement", "strategy": "judge", "judgement": _JUDGEMENT},
    "KeyPage": {"items": [_KEY], "next": None},
    "MadeKeyPart": _MADE_KEY,
    "TenantPart": _TENANT,
    "TenantPage": {"items": [_TENANT], "next": None},
    "MadeTenant": {**_TENANT, "key": {**_MADE_KEY, "scopes": ["admin", "read", "write"]}},
    "CredentialPage": {"items": [{"name": "git:github.com", "changed": "2026-11-22T12:00:00Z"}], "next": None},
    "NewCredential": {"name": "git:github.com", "value": "ghs_example"},
    "NewWebhook": {"url": "https://ci.example.org/hasten", "events": ["job.finished", "job.failed"]},
    "WebhookShown": _WEBHOOK,
    "WebhookMade": {**_WEBHOOK, "secret": "whsec_example"},
    "WebhookPage": {"items": [_WEBHOOK], "next": None},
    "DeliveryShown": _DELIVERY,
    "DeliveryPage": {"items": [_DELIVERY], "next": None},
    "Health": {"status": "ok"},
    "Readiness": {"status": "ok", "checks": {"database": "ok", "broker": "ok"}},
    "Problem": {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "there is no job '4f1d2c3b5a697887'",
    },
}
