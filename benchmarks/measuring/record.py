"""Takes sessions with the product's own sampler, in its own sandbox, on conditions that we make ourselves."""

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice

from agent.baseline import Baseline
from agent.bench import Bench, Plans
from agent.domain import UNCHANGED, Job
from agent.kit import Kit
from agent.probes.timing import sampler_of
from benchmarks.measuring.changes import candidate, kept, truth_of, workload_of
from benchmarks.measuring.neighbours import neighbours
from benchmarks.measuring.prepared import prepared
from benchmarks.measuring.sessions import Recording, Session
from workers.machine import describe_machine

CONDITIONS = ("quiet", "other core", "both cores")
WORKLOADS = ("python", "command", "numpy")
ONE_INPUT = ("python, one input", "command", "numpy, one input")
"""Batches of a single input: what is slower on some inputs hides best there."""


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A session to be taken."""

    workload: str
    condition: str
    change: str
    child: bool = False


def specs() -> list[Spec]:
    """Every session of a recording; those of one condition follow each other."""
    return [
        spec
        for condition in CONDITIONS
        for spec in (
            *(Spec(workload=workload, condition=condition, change="no-op") for workload in (*WORKLOADS, "waiting")),
            *(Spec(workload=workload, condition=condition, change="no-op", child=True) for workload in WORKLOADS),
            *(Spec(workload=workload, condition=condition, change="5 %") for workload in (*WORKLOADS, "waiting")),
        )
    ] + [
        *(Spec(workload=workload, condition="both cores", change="10 %") for workload in WORKLOADS),
        *(Spec(workload=workload, condition="both cores", change="mixed") for workload in ONE_INPUT),
    ]


def record(pairs: int, say: Callable[[str], None], wanted: Callable[[Spec], bool] = lambda _: True) -> Recording:
    """Every session that is wanted, of `pairs` pairs each."""
    sessions = []
    with prepared("pure.py") as (job, kit, baseline):
        chosen = [spec for spec in specs() if wanted(spec)]
        for number, spec in enumerate(chosen, 1):
            sessions.append(_session(spec, pairs, job, kit, baseline))
            say(f"{number}/{len(chosen)} {sessions[-1].name}: {sessions[-1].took_s:.0f} s")
        machine = describe_machine(kit.sandbox)
    return Recording(machine=machine, taken=datetime.now(UTC).date().isoformat(), sessions=tuple(sessions))


def _session(spec: Spec, pairs: int, job: Job, kit: Kit, baseline: Baseline) -> Session:
    named = replace(baseline, named=(workload_of(spec.workload, kit.home),))
    parent = kept(spec.workload) if spec.child else UNCHANGED
    after = candidate(spec.workload, spec.change, child=spec.child)
    plans: Plans = {}
    bench = Bench(kit=kit, job=job, baseline=named, parent=parent, candidate=after, plans=plans)
    load = os.getloadavg()[0]
    with neighbours(spec.condition):
        sampler = sampler_of(bench, bench.timed)
        started_s = time.monotonic()
        taken = tuple(islice(sampler.pairs(secrets.randbits(60)), pairs))
        took_s = time.monotonic() - started_s
    return Session(
        workload=spec.workload,
        condition=spec.condition,
        change=spec.change,
        child=spec.child,
        truth=truth_of(spec.workload, spec.change),
        items=bench.timed[0].groups[0].items,
        load=round(load, 2),
        took_s=round(took_s, 1),
        pairs=taken,
    )
