"""Judged candidates made of evidence, whose verdict the judge itself gave."""

from typing import Any

from agent.domain import Candidate, Origin
from agent.evidence import Compared, Evidence, Tested, Timed
from agent.judge import judge
from agent.protocols import Entry
from tools.measure.estimate import Estimate

GAIN = Estimate(point=1.5, low=1.4, high=1.6, level=0.95, pairs=20)
EVEN = Estimate(point=1.0, low=0.98, high=1.02, level=0.95, pairs=12)
LOSS = Estimate(point=0.8, low=0.7, high=0.9, level=0.95, pairs=20)
DIFF = "--- a/shop.py\n+++ b/shop.py\n@@ -1,3 +1,3 @@\n def match(a, b):\n-    return slow\n+    return fast\n"


def suite(**values: Any) -> Tested:
    return Tested(**{"passed": 5, "failed": 0, "flaky": 0, "scope": "impacted", "hash_seeds": (1,), **values})


def timed(decision: str, stage: str = "confirm", speedup: Estimate = GAIN, **values: Any) -> Timed:
    given = {"detail": "60 pairs did not decide", "clock": "cpu", "workload": "calls of match", "fresh": True}
    return Timed(stage=stage, decision=decision, speedup=speedup, **{**given, **values})


def judged(*evidence: Evidence, number: int = 3, patch: str = DIFF) -> Entry:
    """An entry whose verdict the judge itself gave."""
    verdict = judge(evidence)
    assert verdict is not None
    candidate = Candidate(number=number, patch=patch, origin=Origin.MODEL, summary="a `set`", target="shop:match")
    return Entry(candidate=candidate, verdict=verdict, evidence=evidence)


SAME = Compared(cases=40, fresh=32)
