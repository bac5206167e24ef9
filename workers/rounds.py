"""What a worker does with a message: it takes the job, goes one round further, and gives it back or ends it.

One round is one task. Whatever happens to the process, the job's state is what the database says.
"""

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass

from agent.domain import Job
from agent.kit import Kit
from storage.leases import Lease
from storage.store import Store
from tools.errors import InfrastructureError, UserError
from tools.sandbox.contract import Sandbox
from tools.sandbox.select import open_sandbox
from workers.broker import ONGOING, Teller, here
from workers.hold import Hold
from workers.interrupts import Interrupts
from workers.observing import Observer
from workers.pace import Pace
from workers.reporting import Reporting
from workers.settings import Settings
from workers.stages import Prepared, Stages

MOST_TRIES = 10
"""To be given a turn that no other worker was given at the same moment."""
MOST_PREPARED = 4
"""Jobs that a process keeps prepared, for their next rounds."""
_log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Rounds:
    """One worker process: one job at a time, one round at a time."""

    settings: Settings
    store: Store
    teller: Teller
    owner: str
    """What its leases say."""
    reporting: Reporting
    stages: Stages
    observer: Observer
    pace: Pace
    stopping: threading.Event
    """Set when the worker is asked to end."""
    interrupts: Interrupts

    def __post_init__(self) -> None:
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._sandboxes: dict[str, Sandbox] = {}
        self.next_queue = here(self.settings)
        """Where a job that this process may go on with is told."""

    def work(self, job_id: str) -> None:
        """Go one round further with a job, if it waits for that.

        Whatever concerns the job is written down with it; InfrastructureError is raised while the database is away.
        """
        if self.stopping.is_set():
            self.teller.tell(job_id, ONGOING)
            return
        lease = self._taken(job_id)
        if lease is None:
            return
        job, asked = self.store.jobs.get(lease.job_id), self.store.queue.asked(lease.job_id)
        Hold(rounds=self, lease=lease, job=job, asked=asked).work()

    def _taken(self, job_id: str) -> Lease | None:
        """The job whose turn it is where a message names this one; None where there is nothing to do."""
        for _ in range(MOST_TRIES):  # another worker may be given the same turn at the same moment
            turn = self.store.queue.whose_turn(job_id)
            lease = None if turn is None else self.store.queue.claim(turn, self.owner, self.pace.lease_s)
            if turn is None or lease is not None:
                return lease
        return None

    def prepared(self, job: Job, kit: Kit) -> Prepared:
        """The job's unchanged code, as this process has it or comes to have it."""
        known = self._prepared.pop(job.id, None)
        if known is None or not known.stands:
            known = self.stages.prepare(job, kit)
        self._prepared[job.id] = known
        while len(self._prepared) > MOST_PREPARED:
            self._prepared.popitem(last=False)
        return known

    def forget(self, job_id: str) -> None:
        """A job that ended needs nothing any more."""
        self._prepared.pop(job_id, None)

    def sandbox(self, name: str) -> Sandbox:
        """A sandbox, opened once; raises InfrastructureError where this host cannot have it: another one may."""
        if name not in self._sandboxes:
            try:
                self._sandboxes[name] = open_sandbox(name, docker_socket=self.settings.docker_socket)
            except UserError as error:
                raise InfrastructureError(str(error), retryable=True) from error
        return self._sandboxes[name]

    @property
    def sandboxes(self) -> tuple[Sandbox, ...]:
        """Those that were opened."""
        return tuple(self._sandboxes.values())
