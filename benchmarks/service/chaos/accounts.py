"""What became of the jobs, read from the database afterwards: each promise as a count of what broke it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, select

from agent.domain import StepKind
from agent.protocols import JobStatus
from storage.database import Database
from storage.tables import jobs, rounds, steps

ENDS = {JobStatus.FINISHED.value, JobStatus.FAILED.value, JobStatus.CANCELLED.value}
JobSteps = Mapping[str, Sequence[RowMapping]]


def accounts(database: Database, job_ids: Sequence[str]) -> dict[str, Any]:
    """Of these jobs; every count whose name begins with `not_` or `twice_` has to be none."""
    with database.reading() as connection:
        rows = connection.execute(select(jobs).where(jobs.c.id.in_(job_ids))).mappings().all()
        begun = connection.execute(select(rounds).where(rounds.c.job_id.in_(job_ids))).mappings().all()
        query = select(steps).where(steps.c.job_id.in_(job_ids)).order_by(steps.c.job_id, steps.c.number)
        taken: dict[str, list[RowMapping]] = {job_id: [] for job_id in job_ids}
        for step in connection.execute(query).mappings():
            taken[step["job_id"]].append(step)
    return {
        "ends": dict(Counter(row["status"] for row in rows)),
        "why_failed": dict(Counter(row["detail"] for row in rows if row["status"] == JobStatus.FAILED.value)),
        "steps": sum(map(len, taken.values())),
        "attempts": sum(row["attempt"] for row in rows),
        "not_there": len(set(job_ids) - {row["id"] for row in rows}),
        "not_ended": sum(row["status"] not in ENDS or row["lease_owner"] is not None for row in rows),
        "not_in_order": sum(not _in_order(row, taken[row["id"]]) for row in rows),
        "twice_ended": sum(_ends(taken[row["id"]]) != 1 for row in rows if row["status"] == JobStatus.FINISHED.value),
        "twice_written_after_the_end": sum(_after_end(row, taken[row["id"]]) for row in rows),
        "not_ended_rounds": sum(not one["ended"] for one in begun if _finished(one["job_id"], rows)),
        "twice_paid": sum(_paid_twice(found) for found in taken.values()),
        "not_as_counted": sum(_spent_otherwise(row, taken[row["id"]]) for row in rows),
    }


def _in_order(row: RowMapping, taken: Sequence[RowMapping]) -> bool:
    """Whether the steps are numbered from 1 without a gap, up to the one that the job says was its last."""
    return [step["number"] for step in taken] == list(range(1, row["last_step"] + 1))


def _ends(taken: Sequence[RowMapping]) -> int:
    """How often the last attempt came to an end."""
    last = max((step["attempt"] for step in taken), default=0)
    return sum(step["kind"] == StepKind.FINISH.value and step["attempt"] == last for step in taken)


def _after_end(row: RowMapping, taken: Sequence[RowMapping]) -> int:
    return sum(step["at"] > row["ended"] for step in taken) if row["ended"] else 0


def _finished(job_id: str, rows: Sequence[RowMapping]) -> bool:
    return any(row["id"] == job_id and row["status"] == JobStatus.FINISHED.value for row in rows)


def _paid(taken: Sequence[RowMapping]) -> list[tuple[int, str]]:
    replies = [step for step in taken if step["kind"] == StepKind.REPLY.value]
    return [(step["round"], step["data"]["request"]) for step in replies if not step["data"]["repeated"]]


def _paid_twice(taken: Sequence[RowMapping]) -> int:
    paid = _paid(taken)
    return len(paid) - len(set(paid))


def _spent_otherwise(row: RowMapping, taken: Sequence[RowMapping]) -> bool:
    """Whether a finished job says that it asked its model another number of times than it did."""
    return row["status"] == JobStatus.FINISHED.value and row["spend"]["model_calls"] != len(_paid(taken))
