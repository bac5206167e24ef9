"""How often workers look, and how long they wait. What is here is right for a service; tests are in more of a hurry."""

from dataclasses import dataclass

from storage.queue import LEASE_S, LOST_S
from storage.retrying import PATIENCE_S


@dataclass(frozen=True, kw_only=True)
class Pace:
    """All in seconds."""

    lease_s: float = LEASE_S
    """How long a claim lasts without a heartbeat."""
    beat_s: float = LEASE_S / 4
    """Between two heartbeats."""
    look_s: float = 1.0
    """Between two looks at what a person wants of the job."""
    patience_s: float = PATIENCE_S
    """How long a round waits where it stands for a database that is away; none that was asked to stop does."""
    sweep_s: float = 15.0
    """Between two sweeps of one worker."""
    deliver_s: float = 1.0
    """Between two looks of one worker process for what webhooks are to be told."""
    lost_s: float = LOST_S
    """A job that waits this long after it was told to the broker may be told again."""
    retry_s: float = 30.0
    """Before a round that failed for want of something is tried again; twice as long each time."""
    hand_over_s: float = 30.0
    """The longest a worker that was asked to stop may take to end its rounds and hand them over."""


MOST_FAILURES = 6
"""So many rounds in a row may fail for want of something that may come back; then the job has failed."""
MOST_ROUND_S = 6 * 3600.0
"""The longest one round may take: it is ended, and its job has failed."""
KILLED_AFTER_S = MOST_ROUND_S + 300.0
"""A process whose round did not even end then is killed."""
VISIBLE_AFTER_S = KILLED_AFTER_S + 300.0
"""Only then may the broker give a message to another worker by itself; leases decide long before."""
SILENT_S = 3600.0
"""Workers that were not heard of for so long are forgotten."""
