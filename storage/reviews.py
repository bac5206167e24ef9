"""What people said of jobs, candidates and lines."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import RowMapping, insert, select

from agent.domain import Review, ReviewKind
from storage.database import Database
from storage.tables import reviews


class SqlReviews:
    """Reviews are added and never changed; the last one of a candidate is what counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, job_id: str, review: Review) -> Review:
        """Remember it; on disk, with its number, when this returns."""
        values = {
            "job_id": job_id,
            "candidate": review.candidate,
            "path": review.path,
            "line": review.line,
            "kind": review.kind.value,
            "text": review.text,
            "author": review.author,
            "at": review.at,
        }
        with self._database.writing() as connection:
            number = connection.execute(insert(reviews).values(values).returning(reviews.c.number)).scalar_one()
        return replace(review, number=number)

    def of(
        self, job_id: str, *, candidate: int | None = None, after: int = 0, limit: int | None = None
    ) -> Sequence[Review]:
        """A job's, or a candidate's, in the order they were made: those with a number above `after`."""
        query = select(reviews).where(reviews.c.job_id == job_id, reviews.c.number > after)
        if candidate is not None:
            query = query.where(reviews.c.candidate == candidate)
        query = query.order_by(reviews.c.number).limit(limit)
        with self._database.reading() as connection:
            return [_review(row) for row in connection.execute(query).mappings()]


def _review(row: RowMapping) -> Review:
    return Review(
        number=row["number"],
        kind=ReviewKind(row["kind"]),
        text=row["text"],
        candidate=row["candidate"],
        path=row["path"],
        line=row["line"],
        author=row["author"],
        at=row["at"],
    )
