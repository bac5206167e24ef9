"""A job with something in every table, and archives that anybody could make."""

import io
import json
import tarfile
from datetime import UTC, datetime

from sqlalchemy import select

from agent.domain import (
    UNCHANGED,
    Candidate,
    Directive,
    Job,
    Origin,
    Outcome,
    Review,
    ReviewKind,
    Spend,
    StepKind,
    Verdict,
)
from agent.evidence import Compared, Timed
from agent.protocols import JobStatus
from storage.store import Store
from storage.stored import SHARDS
from storage.submission import Submission
from storage.tables import jobs, steps
from tools.measure.estimate import Estimate

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = b"the credentials of the job, encrypted"


def fill(store: Store, job_id: str = "a1", *, tenant: str = "acme") -> Job:
    """A job with something in every table; returns what was asked."""
    job = Job(id=job_id, source="https://example.org/x", created=NOON, seed=7)
    patch = store.blobs.put(b"--- a/x\n+++ b/x\n")
    store.queue.submit(job, Submission(tenant=tenant, sealed=SECRET, patch=patch))
    lease = store.queue.claim(job_id, "w")
    assert lease
    journal, archive = store.jobs.journal(job_id, lease), store.jobs.archive(job_id, lease)
    journal.append(StepKind.PROFILE, "profile", {"folded": store.blobs.put(b"a;b 3"), "samples": 3})
    journal.append(StepKind.REPLY, "odd text: \0 \ud800 \ufdd0 €", {"text": "\0\ud800", "cost": float("inf")}, round=1)
    journal.append(StepKind.CANDIDATE, "c", {"patch": patch}, candidate=1, round=1)
    candidate = Candidate(number=1, patch="--- a/x\n", origin=Origin.MODEL, summary="a set", parents=(0,), round=1)
    archive.begin(Directive(round=1, parent=UNCHANGED, proposer="session", target="m:f", method="greedy"))
    speedup = Estimate(point=1.5, low=1.4, high=float("inf"), level=0.95, pairs=15)
    timed = Timed(
        stage="confirm",
        decision="faster",
        detail="d",
        speedup=speedup,
        clock="cpu",
        workload="w",
        fresh=True,
        samples=store.blobs.put(b"[]"),
    )
    verdict = Verdict(outcome=Outcome.KEPT, reason="r", speedup=speedup, caveats=("one",))
    archive.add(candidate, verdict, [Compared(cases=3, fresh=2), timed])
    archive.end(1, Spend(candidates=1, usd=0.25), "a note")
    store.reviews.add(job_id, Review(kind=ReviewKind.HINT, text="try a set", author="me", at=NOON))
    store.queue.end(lease, JobStatus.FINISHED, spend=Spend(candidates=1), report={"job": job_id, "kept": []})
    return job


def export(store: Store, job_id: str = "a1") -> bytes:
    path = store.home / "out.tar.gz"
    store.export(job_id, path)
    return path.read_bytes()


def unpack(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        return {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]


def pack(members: dict[str, bytes] | list[tuple[str, bytes]]) -> io.BytesIO:
    """Any archive: anybody can make one."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in members.items() if isinstance(members, dict) else members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    out.seek(0)
    return out


def resealed(members: dict[str, bytes]) -> io.BytesIO:
    """With the list at its end made anew, as who means harm would."""
    from storage.bundle.form import content_digest  # noqa: PLC0415
    from storage.bundle.tar import sha256  # noqa: PLC0415

    inner = {name: data for name, data in members.items() if name not in ("hasten-export.json", "manifest.json")}
    digests = {name: sha256(data) for name, data in inner.items()}
    listed = [{"name": name, "bytes": len(inner[name]), "sha256": digest} for name, digest in digests.items()]
    manifest = json.dumps({"content": content_digest(digests), "members": listed}).encode()
    return pack(
        {**{name: data for name, data in members.items() if name != "manifest.json"}, "manifest.json": manifest}
    )


def rows(store: Store) -> int:
    with store.database.reading() as connection:
        return len(connection.execute(select(steps.c.number)).all()) + len(connection.execute(select(jobs.c.id)).all())


def blobs(store: Store) -> set[str]:
    return {one.digest for shard in SHARDS for one in store.own_blobs.listing(shard)}
