"""What a worker asks of the room that shows things: reports of what came to its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from agent.protocols import Blobs
from agent.result import JobResult, JudgeResult


@dataclass(frozen=True, kw_only=True)
class Reported:
    """How a job ended, for people."""

    detail: str
    """A few words."""
    report: Mapping[str, object]


class Reporting(Protocol):
    """Makes reports; given by the room that shows them."""

    def of_job(self, result: JobResult, blobs: Blobs) -> Reported:
        """The report of a job that ran to its end."""

    def of_judgement(self, result: JudgeResult, blobs: Blobs) -> Reported:
        """The judgement of one patch."""
