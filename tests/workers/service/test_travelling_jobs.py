"""Jobs travel between processes that are stopped, killed and deceived, and end once, as if nothing had happened."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import paper_stages
import pytest
from known_world import KNOWN
from paper_desk import paper_job, paper_kit
from paper_service import BUDGET, TENANT, Service, service
from paper_stages import MODEL, Tally
from servers import postgres, redis, tied
from sqlalchemy import update

from agent.domain import Round, StepKind
from agent.ledger import Ledger
from agent.optimizer import search
from agent.prompts import opening
from agent.protocols import Entry, JobStatus
from storage.queue import CANCEL, MOST_DEATHS, PAUSE
from storage.submission import Submission
from storage.tables import jobs

Archive = tuple[Sequence[Entry], Sequence[Round]]


both = pytest.mark.parametrize("running", ["embedded", "scaled"], indirect=True, scope="module")
embedded = pytest.mark.parametrize("running", ["embedded"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with two workers, on SQLite and a folder, or on PostgreSQL and Redis."""
    folder = tmp_path_factory.mktemp("service")
    if request.param == "embedded":
        with service(folder) as made:
            made.start()
            yield made
        return
    redis_url = request.getfixturevalue("redis_server").url
    server, template = request.getfixturevalue("postgres_server_url"), request.getfixturevalue("migrated")
    with postgres.database(server, template) as url, service(folder, url, redis_url) as made:
        made.start()
        yield made


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """What one process makes of the same job in one go, as the command line does."""
    folder = tmp_path_factory.mktemp("alone")
    before, opening.VIEWS = opening.VIEWS, {}  # as in the workers of these tests
    try:
        job = replace(paper_job(), models=(MODEL,), budget=BUDGET, strategy="refine")
        kit = replace(paper_kit(job), chat=Tally(folder), ledger=Ledger(job.budget))
        search(job, paper_stages.baseline(folder), paper_stages.policy(job), {}, kit, KNOWN)
    finally:
        opening.VIEWS = before
    return kit.archive.entries(), kit.archive.rounds()


def archive(made: Service, job_id: str) -> Archive:
    found = made.store.jobs.archive(job_id)
    return found.entries(), found.rounds()


def has_no_gaps(made: Service, job_id: str) -> bool:
    numbers = [step.number for step in made.steps(job_id)]
    return numbers == list(range(1, len(numbers) + 1))


@both
def test_a_job_comes_to_the_end_that_the_command_line_comes_to(running: Service, alone: Archive) -> None:
    job_id = running.submit()
    assert running.ended(job_id) is JobStatus.FINISHED
    assert archive(running, job_id) == alone
    assert len(alone[1]) > 3  # as many tasks, and one more
    assert has_no_gaps(running, job_id)
    kept = [entry.candidate.number for entry in alone[0] if entry.verdict.kept]
    assert running.store.jobs.report(job_id) == {"numbers": kept}
    state = running.store.jobs.state(job_id)
    assert (state.attempt, state.detail) == (0, f"{len(kept)} kept")
    assert state.spend.candidates == len(alone[0])
    assert 0 < state.spend.model_calls <= BUDGET.model_calls
    assert state.spend.wall_s > 0


@both
def test_a_killed_process_costs_its_round_and_nothing_twice(running: Service, alone: Archive) -> None:
    asked = len(running.asked)
    with running.held():
        job_id = running.submit()
        running.until(lambda: len(running.asked) > asked)
        os.kill(running.holder(job_id), signal.SIGKILL)
    assert running.ended(job_id) is JobStatus.FINISHED
    assert archive(running, job_id) == alone
    assert has_no_gaps(running, job_id)
    assert running.store.jobs.state(job_id).attempt == 1
    replies = running.store.jobs.journal(job_id).steps(StepKind.REPLY)
    paid = [step.data["request"] for step in replies if not step.data["repeated"]]
    assert len(running.asked) - asked <= len(paid) + 1  # the one that was asked when the process died
    assert running.store.jobs.state(job_id).spend.model_calls == len(paid)


@both
def test_a_cancel_stops_the_round_within_seconds(running: Service) -> None:
    asked = len(running.asked)
    with running.held():
        job_id = running.submit()
        running.until(lambda: len(running.asked) > asked)
        running.store.queue.want(job_id, TENANT, CANCEL)
        assert running.ended(job_id) is JobStatus.CANCELLED
        steps = len(running.steps(job_id))
    next_one = running.submit(strategy="best_of_n(n=1)")
    assert running.ended(next_one) is JobStatus.FINISHED
    assert len(running.steps(job_id)) == steps


@embedded
def test_a_pause_lets_the_round_end_and_a_resume_goes_on(running: Service, alone: Archive) -> None:
    asked = len(running.asked)
    with running.held():
        job_id = running.submit()
        running.until(lambda: len(running.asked) > asked)
        running.store.queue.want(job_id, TENANT, PAUSE)
    running.until(lambda: running.status(job_id) is JobStatus.PAUSED)
    assert len(archive(running, job_id)[1]) == 1
    running.store.queue.go_on(job_id, TENANT)
    running.teller.tell(job_id)
    assert running.ended(job_id) is JobStatus.FINISHED
    assert archive(running, job_id) == alone


@both
def test_a_lost_message_and_many_messages_make_one_job(running: Service, alone: Archive) -> None:
    lost = running.submit(tell=False)
    many = running.submit()
    for _ in range(20):
        running.teller.tell(many)
    for job_id in (lost, many):
        assert running.ended(job_id) is JobStatus.FINISHED
        assert archive(running, job_id) == alone
        assert has_no_gaps(running, job_id)


@embedded
def test_a_job_that_kills_its_process_fails_after_a_few_tries(running: Service) -> None:
    job_id = running.submit(bench="dies")
    other = running.submit(strategy="best_of_n(n=1)")
    assert running.ended(job_id) is JobStatus.FAILED
    assert "died" in running.store.jobs.state(job_id).detail
    assert len([step for step in running.steps(job_id) if step.title == "prepared"]) == MOST_DEATHS
    assert running.ended(other) is JobStatus.FINISHED


@embedded
def test_what_went_wrong_is_told_by_who_reacts(running: Service) -> None:
    nonsense, bug, network = (running.submit(bench=one) for one in ("nonsense", "bug", "network"))
    assert running.ended(nonsense) is JobStatus.FAILED
    assert running.store.jobs.state(nonsense).detail == "it cannot be meant; say something else"
    assert running.ended(bug) is JobStatus.FAILED
    assert running.store.jobs.state(bug).detail.startswith("a mistake of Hasten's own (KeyError)")
    assert "secret detail" not in running.store.jobs.state(bug).detail
    assert running.ended(network) is JobStatus.FINISHED
    assert running.store.jobs.state(network).attempt == 2


@embedded
def test_who_lost_the_lease_writes_nothing_more(running: Service) -> None:
    asked = len(running.asked)
    with running.held():
        job_id = running.submit()
        running.until(lambda: len(running.asked) > asked)
        robbed = running.holder(job_id)
        stolen = {"lease_owner": "thief", "fence": jobs.c.fence + 1}
        with running.store.database.writing() as connection:
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(stolen))
        steps = len(running.steps(job_id))
        others = [running.submit(), running.submit()]
        assert robbed in {running.holder(other) for other in others}  # it has let go, and taken something else
        assert len(running.steps(job_id)) == steps
        for other in others:
            running.store.queue.want(other, TENANT, CANCEL)
            assert running.ended(other) is JobStatus.CANCELLED
    assert running.ended(job_id) is JobStatus.FINISHED  # the thief never beats
    assert has_no_gaps(running, job_id)


@embedded
def test_a_judgement_is_one_task(running: Service) -> None:
    patch = running.store.blobs.put(b"--- a/shop.py\n+++ b/shop.py\n")
    job = replace(paper_job(), id="judge1", sandbox="none", models=())
    running.store.queue.submit(job, Submission(tenant=TENANT, kind="judgement", patch=patch))
    running.teller.tell(job.id)
    assert running.ended(job.id) is JobStatus.FINISHED
    assert running.store.jobs.report(job.id) == {"patch": "--- a/shop.py\n+++ b/shop.py\n"}


@both
def test_a_worker_that_is_stopped_hands_its_round_over(running: Service, alone: Archive) -> None:
    asked, before = len(running.asked), set((running.store.home / "trees").glob("partial-*"))
    with running.held():
        job_id = running.submit()
        running.until(lambda: len(running.asked) > asked)
        process = running.holder(job_id)
        began_s = time.monotonic()
        stopped = running.stop(process)
        assert time.monotonic() - began_s < 20
        running.until(lambda: running.holder(job_id) != process)  # the other worker goes on
    assert stopped.returncode == 0
    assert running.ended(job_id) is JobStatus.FINISHED
    assert archive(running, job_id) == alone
    assert running.store.jobs.state(job_id).attempt == 1
    assert not any(f":{process}:" in worker.owner for worker in running.store.workers.list(600))
    assert len(set((running.store.home / "trees").glob("partial-*"))) <= len(before)


def test_a_worker_outlives_a_broker_that_was_gone_when_its_round_ended(tmp_path: Path) -> None:
    if reason := redis.missing():
        tied.give_up(reason)
    with redis.server() as broker, service(tmp_path, broker=broker.url) as made:
        made.start(1)
        with made.held():
            job_id = made.submit()
            made.until(lambda: made.asked)
            broker.stop(signal.SIGKILL)
        made.until(lambda: any(one.ended for one in made.store.jobs.archive(job_id).rounds()))
        time.sleep(1.0)  # until the message was to be acknowledged
        broker.start()
        assert made.ended(job_id) is JobStatus.FINISHED
        assert made.ended(made.submit()) is JobStatus.FINISHED


def test_a_broker_that_is_away_loses_no_job(tmp_path: Path) -> None:
    with service(tmp_path, broker="redis://127.0.0.1:1/0") as made:
        job_id = made.submit()
        assert made.status(job_id) is JobStatus.QUEUED
        assert made.teller.waiting() is None
