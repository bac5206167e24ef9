"""The contract of Journal, Archive, Jobs and Blobs, held by every memory."""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.domain import UNCHANGED, Budget, Candidate, Directive, Goal, Job, Origin, Outcome, Spend, StepKind, Verdict
from agent.evidence import Compared, Guard, Hint, Hints, Timed
from agent.evidence import Tested as Suite
from agent.protocols import Blobs, Entry, Jobs, JobStatus
from storage.memory import MemoryBlobs, MemoryJobs
from storage.store import open_store
from tools.errors import UserError
from tools.measure.estimate import Estimate

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ESTIMATE = Estimate(point=1.5, low=1.4, high=math.inf, level=0.95, pairs=15)


@dataclass(frozen=True, kw_only=True)
class Memory:
    jobs: Jobs
    blobs: Blobs


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def memory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Memory]:
    if request.param == "memory":
        yield Memory(jobs=MemoryJobs(), blobs=MemoryBlobs())
        return
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with open_store(tmp_path, url) as store:
        yield Memory(jobs=store.jobs, blobs=store.blobs)


def make_job(job_id: str = "a1b2", **more: object) -> Job:
    return Job(**{"id": job_id, "source": "/src", "created": NOON, **more})  # type: ignore[arg-type]


def candidate(number: int = 1, **more: object) -> Candidate:
    values = {"number": number, "patch": "--- a/x\n+++ b/x\n", "origin": Origin.REWRITE, "summary": "a set"}
    return Candidate(**{**values, **more})  # type: ignore[arg-type]


def test_a_job_reads_back_as_it_was_asked(memory: Memory) -> None:
    job = make_job(
        ref="v1",
        subdirectory="py",
        goal=Goal(min_gain=0.05, hoped_gain=0.1),
        budget=Budget(wall_s=3.5, candidates=4),
        target="m:f",
        bench="python b.py {seed}",
        sandbox="none",
        seed=7,
    )
    memory.jobs.create(job)
    assert memory.jobs.get("a1b2") == job


def test_a_job_is_found_by_the_beginning_of_its_id(memory: Memory) -> None:
    for job_id in ("abc", "abcd", "xyz"):
        memory.jobs.create(make_job(job_id))
    assert memory.jobs.get("x").id == "xyz"
    assert memory.jobs.get("abc").id == "abc"
    with pytest.raises(UserError, match="2 jobs begin with 'ab'"):
        memory.jobs.get("ab")


@pytest.mark.parametrize("job_id", ["nope", "", "%", "_"])
def test_an_unknown_job_is_not_found(memory: Memory, job_id: str) -> None:
    memory.jobs.create(make_job())
    for ask in (memory.jobs.get, memory.jobs.state, memory.jobs.report, memory.jobs.resume):
        with pytest.raises(UserError, match="there is no job") as raised:
            ask(job_id)
        assert raised.value.status == 404


def test_jobs_are_listed_newest_first(memory: Memory) -> None:
    for minute, job_id in enumerate(["old", "mid", "new"]):
        memory.jobs.create(make_job(job_id, created=NOON + timedelta(minutes=minute)))
    assert [job.id for job in memory.jobs.list()] == ["new", "mid", "old"]
    assert [job.id for job in memory.jobs.list(limit=1)] == ["new"]


def test_steps_are_numbered_within_their_job(memory: Memory) -> None:
    for job_id in ("one", "two"):
        memory.jobs.create(make_job(job_id))
    one, two = memory.jobs.journal("one"), memory.jobs.journal("two")
    written = [one.append(StepKind.JOB, "asked"), one.append(StepKind.EVIDENCE, "ran", {"n": 1}, candidate=3, round=2)]
    two.append(StepKind.NOTE, "elsewhere")
    assert [step.number for step in written] == [1, 2]
    assert list(one.steps()) == written
    assert [step.number for step in two.steps()] == [1]
    assert memory.jobs.journal("one").append(StepKind.NOTE, "again").number == 3


def test_a_step_holds_plain_json_from_the_start(memory: Memory) -> None:
    memory.jobs.create(make_job())
    journal = memory.jobs.journal("a1b2")
    odd = {"path": Path("/x"), "inf": math.inf, "text": "é\x1b\0", "half": "\ud800"}
    step = journal.append(StepKind.NOTE, "odd", {"pair": (1, 2), **odd})
    assert step.data == {"pair": [1, 2], **odd, "path": "/x"}
    assert journal.steps()[0].data == step.data


def test_what_was_handed_over_may_change_afterwards(memory: Memory) -> None:
    memory.jobs.create(make_job())
    journal, data = memory.jobs.journal("a1b2"), {"list": [1]}
    journal.append(StepKind.NOTE, "before", data)
    data["list"].append(2)
    assert journal.steps()[0].data == {"list": [1]}


def test_numbers_are_never_given_twice(memory: Memory) -> None:
    memory.jobs.create(make_job())
    assert [memory.jobs.journal("a1b2").reserve_confirmation() for _ in range(3)] == [1, 2, 3]


def test_a_candidate_reads_back_with_its_verdict_and_evidence(memory: Memory) -> None:
    memory.jobs.create(make_job())
    archive = memory.jobs.archive("a1b2")
    evidence = (
        Hints(found=(Hint(rule="gc", path="m.py", line=3, text="gc.disable()"),), caches=True),
        Suite(passed=9, failed=0, flaky=1, scope="impacted", hash_seeds=(0, 1), problems=()),
        Compared(cases=40, fresh=38, not_reached=("f",), caveats=("few sizes",)),
        Timed(
            stage="confirm",
            decision="faster",
            detail="e = 900",
            speedup=ESTIMATE,
            clock="cpu",
            workload="recorded",
            fresh=True,
            guards=(Guard(name="memory", passed=True, detail="+0 %"),),
            alpha=0.006,
        ),
    )
    kept = Verdict(outcome=Outcome.KEPT, reason="1.50x", speedup=ESTIMATE, caveats=("a cache",))
    second = candidate(2, parents=(0, 1), target="m:f")
    archive.add(second, kept, evidence)
    archive.add(candidate(1), Verdict(outcome=Outcome.NOT_FASTER, reason="no gain"), ())
    entries = memory.jobs.archive("a1b2").entries()
    assert [entry.candidate.number for entry in entries] == [1, 2]
    assert entries[1] == Entry(candidate=second, verdict=kept, evidence=evidence)
    assert entries[0].verdict.speedup is None


def test_a_candidate_is_judged_once(memory: Memory) -> None:
    memory.jobs.create(make_job())
    archive = memory.jobs.archive("a1b2")
    archive.add(candidate(1), Verdict(outcome=Outcome.KEPT, reason="first"), ())
    with pytest.raises(ValueError, match="judged before"):
        archive.add(candidate(1), Verdict(outcome=Outcome.CHEATED, reason="second"), ())
    assert [entry.verdict.reason for entry in archive.entries()] == ["first"]


def test_archives_are_apart(memory: Memory) -> None:
    for job_id in ("one", "two"):
        memory.jobs.create(make_job(job_id))
        memory.jobs.archive(job_id).add(candidate(1), Verdict(outcome=Outcome.KEPT, reason=job_id), ())
    assert [entry.verdict.reason for entry in memory.jobs.archive("two").entries()] == ["two"]


def test_a_finished_job_keeps_its_report_and_spend(memory: Memory) -> None:
    memory.jobs.create(make_job())
    assert memory.jobs.state("a1b2").status is JobStatus.RUNNING
    assert memory.jobs.report("a1b2") is None
    memory.jobs.finish("a1b2", JobStatus.FINISHED, spend=Spend(wall_s=2.5), detail="no more ideas", report={"kept": ()})
    state = memory.jobs.state("a1b2")
    assert (state.status, state.detail, state.spend.wall_s) == (JobStatus.FINISHED, "no more ideas", 2.5)
    assert state.ended is not None
    assert state.ended.tzinfo is not None
    assert memory.jobs.report("a1b2") == {"kept": []}


def test_an_interrupted_job_goes_on_as_its_next_attempt(memory: Memory) -> None:
    memory.jobs.create(make_job())
    memory.jobs.record_spend("a1b2", Spend(wall_s=40, candidates=3))
    memory.jobs.finish("a1b2", JobStatus.INTERRUPTED)
    assert memory.jobs.resume("a1").id == "a1b2"
    state = memory.jobs.state("a1b2")
    assert (state.status, state.attempt, state.ended) == (JobStatus.RUNNING, 1, None)
    assert state.spend == Spend(wall_s=40, candidates=3)
    assert memory.jobs.journal("a1b2").append(StepKind.NOTE, "again").attempt == 1


def test_only_what_stands_still_is_resumed(memory: Memory) -> None:
    memory.jobs.create(make_job())
    with pytest.raises(UserError, match="running in another process"):
        memory.jobs.resume("a1b2")
    memory.jobs.finish("a1b2", JobStatus.FINISHED)
    for _ in range(2):
        with pytest.raises(UserError, match="is finished"):
            memory.jobs.resume("a1b2")


def test_blobs_come_back_by_the_digest_of_their_content(memory: Memory) -> None:
    data = bytes(range(256)) * 100
    digest = memory.blobs.put(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert memory.blobs.put(data) == digest
    assert memory.blobs.get(digest) == data
    assert memory.blobs.get(memory.blobs.put(b"")) == b""


@pytest.mark.parametrize("digest", ["0" * 64, "", "../../etc/passwd", "0" * 63 + "\n"])
def test_a_blob_that_was_never_put_is_a_key_error(memory: Memory, digest: str) -> None:
    with pytest.raises(KeyError):
        memory.blobs.get(digest)


def directive(number: int, parent: Candidate = UNCHANGED, **more: object) -> Directive:
    values = {"round": number, "parent": parent, "proposer": "session", "target": "m:f", "method": "refine"}
    return Directive(**{**values, **more})  # type: ignore[arg-type]


def test_rounds_read_back_as_they_began_and_ended(memory: Memory) -> None:
    memory.jobs.create(make_job())
    archive = memory.jobs.archive("a1b2")
    first, second = candidate(1, round=1, author="openai:x"), candidate(2, round=1)
    archive.begin(directive(1))
    for one in (first, second):
        archive.add(one, Verdict(outcome=Outcome.KEPT, reason="r"), ())
    archive.end(1, Spend(model_calls=2, usd=0.5), "well")
    archive.begin(
        directive(2, first, partner=second, start=second, show=(1, 2), phase="grow", idea="sort once", temperature=0.7)
    )
    rounds = archive.rounds()
    assert [(one.ended, one.spend.usd, one.note) for one in rounds] == [(True, 0.5, "well"), (False, 0.0, "")]
    assert rounds[0].directive == directive(1)
    assert rounds[1].directive.partner == second
    assert rounds[1].directive == directive(
        2, first, partner=second, start=second, show=(1, 2), phase="grow", idea="sort once", temperature=0.7
    )
    assert archive.entries()[0].candidate == first


def test_a_round_begins_again_only_as_it_began(memory: Memory) -> None:
    memory.jobs.create(make_job())
    archive = memory.jobs.archive("a1b2")
    archive.begin(directive(1))
    archive.begin(directive(1))
    assert len(archive.rounds()) == 1
    with pytest.raises(ValueError, match="another directive"):
        archive.begin(directive(1, method="evolve"))
    with pytest.raises(KeyError):
        archive.end(7, Spend())


def test_steps_of_some_kinds_and_of_one_round(memory: Memory) -> None:
    memory.jobs.create(make_job())
    journal = memory.jobs.journal("a1b2")
    for kind, number in ((StepKind.REPLY, 1), (StepKind.CALL, 1), (StepKind.REPLY, 2), (StepKind.NOTE, 0)):
        journal.append(kind, "t", round=number)
    assert [step.number for step in journal.steps(StepKind.REPLY)] == [1, 3]
    assert [step.number for step in journal.steps(StepKind.REPLY, StepKind.CALL, round=1)] == [1, 2]
    assert [step.number for step in journal.steps(round=0)] == [4]
