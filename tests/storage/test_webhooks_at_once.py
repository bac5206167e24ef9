"""A webhook that is deleted harms nobody who writes to it at that moment, and the other way round."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from between import just_before
from sqlalchemy import func, select

from agent.domain import Candidate, Job, Origin, Outcome, Verdict
from agent.protocols import JobStatus
from storage.leases import Lease
from storage.outbox import Event
from storage.sending import GONE, Outgoing
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tables import deliveries
from tools.errors import UserError

KEPT = Candidate(number=1, patch="p", parents=(0,), origin=Origin.REWRITE, summary="s")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A webhook of Acme's that was told of a job which runs; one message is being sent."""

    store: Store
    hook: str
    lease: Lease
    outgoing: Outgoing

    def submit(self) -> None:
        submit(self.store, "a2")

    def end(self) -> None:
        self.store.queue.end(self.lease, JobStatus.FINISHED)
        assert self.store.jobs.state("a1").status is JobStatus.FINISHED

    def keep(self) -> None:
        self.store.jobs.archive("a1", self.lease).add(KEPT, Verdict(outcome=Outcome.KEPT, reason="r"), ())

    def gone(self) -> None:
        self.store.sending.failed(self.outgoing, "answered 410", GONE)

    def test(self) -> None:
        self.store.webhooks.test("acme", self.hook)

    def redeliver(self) -> None:
        self.store.webhooks.redeliver("acme", self.hook, self.outgoing.id)

    def delete(self) -> None:
        self.store.webhooks.delete("acme", self.hook)

    @property
    def messages(self) -> int:
        with self.store.database.reading() as connection:
            return connection.scalars(select(func.count()).select_from(deliveries)).one()


Act = Callable[[Scene], None]
WRITES: list[tuple[Act, str]] = [
    *((Scene.submit, "INSERT INTO deliveries"), (Scene.end, "INSERT INTO deliveries")),
    *((Scene.keep, "INSERT INTO deliveries"), (Scene.test, "UPDATE webhooks"), (Scene.test, "INSERT INTO deliveries")),
    *((Scene.gone, "UPDATE webhooks"), (Scene.gone, "UPDATE deliveries SET due"), (Scene.gone, "INSERT INTO tallies")),
    *((Scene.redeliver, "UPDATE deliveries"), (Scene.redeliver, "SELECT deliveries.id")),
]
FIRST: list[tuple[Act, str]] = [(Scene.test, "UPDATE webhooks"), (Scene.redeliver, "UPDATE deliveries")]
"""Where who deletes is first, and the other one is told that there is no webhook, or no message."""
DELETES = ("SELECT webhooks.id", "DELETE FROM deliveries", "DELETE FROM webhooks")


def submit(store: Store, job_id: str) -> Lease:
    job = Job(id=job_id, source="https://example.org/x", created=datetime.now(UTC))
    store.queue.submit(job, Submission(tenant="acme"))
    lease = store.queue.claim(job_id, "worker")
    assert lease is not None
    return lease


@pytest.fixture
def scene(tmp_path: Path, postgres_url: str) -> Iterator[Scene]:
    with open_store(tmp_path, postgres_url) as store:
        store.tenants.ensure("acme", "acme")
        hook, _ = store.webhooks.make("acme", "https://hooks.example/x", list(Event))
        lease = submit(store, "a1")
        yield Scene(store=store, hook=hook.id, lease=lease, outgoing=store.sending.take(1)[0])


@pytest.mark.parametrize(("write", "statement"), WRITES)
def test_one_who_writes_is_not_harmed_by_one_who_deletes(
    scene: Scene, postgres_url: str, write: Act, statement: str
) -> None:
    with just_before(statement, scene.delete, postgres_url) as deleted:
        if (write, statement) in FIRST:
            with pytest.raises(UserError, match=r"there is no webhook|has no delivery"):
                write(scene)
        else:
            write(scene)
    assert deleted.result(10) is None
    assert (scene.store.webhooks.list("acme"), scene.messages) == ([], 0)


@pytest.mark.parametrize("write", [Scene.submit, Scene.end, Scene.keep, Scene.gone])
@pytest.mark.parametrize("statement", DELETES)
def test_one_who_deletes_is_not_harmed_by_one_who_writes(
    scene: Scene, postgres_url: str, write: Act, statement: str
) -> None:
    with just_before(statement, lambda: write(scene), postgres_url) as done:
        scene.delete()
    done.result(10)
    assert (scene.store.webhooks.list("acme"), scene.messages) == ([], 0)


def test_nothing_new_is_written_to_one_that_is_about_to_go(scene: Scene, postgres_url: str) -> None:
    """Else the transactions of a tenant with much to tell would hold it one after another, and it could not go."""
    before = scene.messages

    def told() -> int:
        scene.submit()
        return scene.messages

    with just_before("SELECT webhooks.id", told, postgres_url) as after:
        scene.delete()
    assert after.result(10) == before
