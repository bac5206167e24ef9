"""PostgreSQL restarts, breaks off and stays away: what fails may be tried again, and happens once."""

import signal
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from servers import postgres
from sqlalchemy import Connection, event, select

from agent.domain import Candidate, Job, Origin, Outcome, Spend, StepKind, Verdict
from agent.protocols import JobStatus
from storage.database import Database
from storage.leases import LeaseLost
from storage.retrying import PATIENCE_S
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tables import jobs
from tools.errors import InfrastructureError
from tools.measure.calibrate import Calibration

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACME = Submission(tenant="acme")


@pytest.fixture(scope="module")
def own_server() -> Iterator[postgres.Postgres]:
    """One that only these tests stop and start."""
    if reason := postgres.missing():
        postgres.tied.give_up(reason)
    with postgres.server() as started:
        yield started


@pytest.fixture
def url(own_server: postgres.Postgres) -> Iterator[str]:
    if not own_server.pid:
        own_server.start()
    with postgres.database(own_server.url) as made:
        yield made


@pytest.fixture
def store(tmp_path: Path, url: str) -> Iterator[Store]:
    with open_store(tmp_path, url, patience_s=PATIENCE_S) as opened:
        yield opened


def submit(store: Store, job_id: str = "a1") -> str:
    return store.queue.submit(Job(id=job_id, source="https://example.org/x", created=NOON), ACME)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL])
def test_a_restart_within_a_transaction_may_be_tried_again(
    own_server: postgres.Postgres, store: Store, how: signal.Signals
) -> None:
    submit(store)

    def look(connection: Connection) -> None:
        connection.execute(select(jobs)).all()
        own_server.restart(how)
        connection.execute(select(jobs)).all()

    for block in (store.database.writing, store.database.reading):
        with pytest.raises(InfrastructureError) as raised, block() as connection:
            look(connection)
        assert raised.value.retryable
        assert "hasten_test" in str(raised.value)
        assert store.jobs.get("a1").id == "a1"


def test_connections_that_broke_while_nobody_used_them_are_replaced_unseen(
    own_server: postgres.Postgres, tmp_path: Path, url: str
) -> None:
    with open_store(tmp_path, url) as impatient:
        submit(impatient)
        own_server.restart()
        assert submit(impatient, "a2") == "a2"


def test_a_server_that_is_away_may_be_tried_again(own_server: postgres.Postgres, tmp_path: Path, url: str) -> None:
    impatient = open_store(tmp_path, url)
    own_server.stop()
    try:
        for ask in (lambda: submit(impatient), lambda: open_store(tmp_path, url)):
            with pytest.raises(InfrastructureError) as raised:
                ask()
            assert raised.value.retryable
    finally:
        own_server.start()
    assert submit(impatient) == "a1"
    impatient.close()


def test_a_worker_outlives_a_restart(own_server: postgres.Postgres, store: Store) -> None:
    """Two threads work on jobs while PostgreSQL goes away again and again: no step is lost or doubled."""
    names = [f"a{one}" for one in range(6)]
    for name in names:
        submit(store, name)
    done = threading.Event()

    def disturb() -> None:
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            own_server.restart(how)
        done.set()

    faults: list[BaseException] = []
    counts = dict.fromkeys(names, 0)

    def work(mine: list[str]) -> None:
        try:
            turn = 0
            while not done.is_set() or turn < 2 * len(mine):
                name = mine[turn % len(mine)]
                turn += 1
                lease = store.queue.claim(name, "w")
                assert lease is not None, f"{name} is held by nobody"
                assert (lease.attempt, lease.fence) == (0, turn // len(mine) + (turn % len(mine) > 0))
                for _ in range(3):
                    counts[name] += 1
                    step = store.jobs.journal(name, lease).append(StepKind.NOTE, "x", {"n": counts[name]})
                    assert step.number == counts[name]
                store.queue.heartbeat(lease)
                store.queue.hand_over(lease, Spend(candidates=counts[name]))
            for name in mine:
                last = store.queue.claim(name, "w")
                assert last is not None
                store.queue.end(last, JobStatus.FINISHED)
        except BaseException as error:  # noqa: BLE001 - shown by the test's thread
            faults.append(error)

    threads = [threading.Thread(target=work, args=(part,)) for part in (names[:3], names[3:])]
    for thread in threads:
        thread.start()
    disturb()
    for thread in threads:
        thread.join()
    assert faults == []
    for name in names:
        assert [step.data["n"] for step in store.jobs.journal(name).steps()] == list(range(1, counts[name] + 1))
        assert store.jobs.state(name).status is JobStatus.FINISHED
        assert store.jobs.state(name).spend.candidates == counts[name]


class LostAnswer:
    """Lets the next transaction commit, and breaks its connection before anybody hears of it."""

    def __init__(self, database: Database) -> None:
        self.due = False
        event.listen(database._engine, "commit", self._commit)

    def _commit(self, connection: Connection) -> None:
        if self.due:
            self.due = False
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.commit()
            driver.close()


def test_what_was_done_and_not_heard_of_is_not_done_again(store: Store) -> None:
    lost = LostAnswer(store.database)

    def unheard(ask: Callable[[], Any]) -> Any:
        lost.due = True
        answer = ask()
        assert not lost.due, "nothing was written"
        return answer

    assert unheard(lambda: submit(store)) == "a1"
    lease = unheard(lambda: store.queue.claim("a1", "w"))
    assert lease.fence == 1
    journal = store.jobs.journal("a1", lease)
    for number in (1, 2):
        assert unheard(lambda: journal.append(StepKind.NOTE, "x")).number == number
    archive = store.jobs.archive("a1", lease)
    candidate = Candidate(number=1, patch="p", origin=Origin.REWRITE, summary="s")
    verdict = Verdict(outcome=Outcome.KEPT, reason="r")
    unheard(lambda: archive.add(candidate, verdict, ()))
    unheard(lambda: store.queue.heartbeat(lease))
    unheard(lambda: store.queue.hand_over(lease, Spend(candidates=1), unfinished=True, failed=True))
    with pytest.raises(LeaseLost):
        store.queue.heartbeat(lease)
    again = unheard(lambda: store.queue.claim("a1", "w"))
    assert (again.attempt, again.failures, again.fence) == (1, 1, 2)
    unheard(lambda: store.queue.end(again, JobStatus.FINISHED))
    unheard(lambda: store.calibrations.add("h", "w", Calibration(noise=0.1, clock="cpu", pairs=9, accepted=False)))
    assert [step.number for step in store.jobs.journal("a1").steps()] == [1, 2]
    assert [entry.candidate for entry in store.jobs.archive("a1").entries()] == [candidate]
    assert store.jobs.state("a1").status is JobStatus.FINISHED
    assert len(store.calibrations.of("h")) == 1
