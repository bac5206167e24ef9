"""The journal and the archive of one job, in the database."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection, insert, select, update

from agent.domain import UNCHANGED, Candidate, Directive, Round, Spend, Step, StepKind, Verdict
from agent.evidence import Evidence
from agent.models.gateway import paid_for
from agent.protocols import Entry
from storage.database import Database
from storage.leases import Lease, owned
from storage.outbox import Event, announce
from storage.retrying import patient, retried
from storage.rows import (
    candidate_from_row,
    candidate_to_row,
    directive_from_json,
    directive_to_json,
    evidence_from_row,
    evidence_to_row,
    now,
    plain_dict,
    spend_from_json,
    spend_to_json,
    step_from_row,
    step_to_row,
    verdict_from_row,
    verdict_to_row,
)
from storage.tables import candidates, jobs, rounds, steps, verdicts
from storage.tables import evidence as observations
from storage.tallies import ENDED, Tally, count, count_seconds

LOOKED_BACK = 100
"""Among so many newest steps one is looked for whose answer was lost; a process has few threads that write."""


class SqlJournal:
    """The trajectory of one job; steps are numbered from 1 without gaps.

    With a lease every write is made under its fence: one that another worker has overtaken raises LeaseLost.
    """

    def __init__(self, database: Database, job_id: str, lease: Lease | None = None) -> None:
        self._database = database
        self._job_id = job_id
        self._lease = lease

    def append(
        self,
        kind: StepKind,
        title: str,
        data: Mapping[str, object] | None = None,
        *,
        candidate: int | None = None,
        round: int = 0,
    ) -> Step:
        """Write one step; it is on disk when this returns."""
        new = Step(
            number=0,
            kind=kind,
            title=title,
            data=plain_dict(data or {}),
            candidate=candidate,
            round=round,
            attempt=0,
            at=now(),
        )
        return retried(self._database, lambda again: self._append(new, again))

    def _append(self, new: Step, again: bool) -> Step:
        counted = {jobs.c.last_step: jobs.c.last_step + 1}
        with self._database.writing() as connection:
            if again and (written := self._written(connection, new)):
                return written
            row = owned(connection, self._job_id, self._lease, counted, jobs.c.last_step, jobs.c.attempt)
            step = replace(new, number=row.last_step, attempt=row.attempt)
            connection.execute(insert(steps).values(job_id=self._job_id, **step_to_row(step)))
            _count_reply(connection, step)
        return step

    def _written(self, connection: Connection, new: Step) -> Step | None:
        """The step, where an earlier try wrote it and only the answer was lost."""
        owned(connection, self._job_id, self._lease)  # waits for that try, should it still go on
        query = select(steps).where(steps.c.job_id == self._job_id).order_by(steps.c.number.desc()).limit(LOOKED_BACK)
        last = [step_from_row(row) for row in connection.execute(query).mappings()]
        return next((one for one in last if replace(one, number=0, attempt=0) == new), None)

    @patient
    def steps(self, *kinds: StepKind, round: int | None = None) -> Sequence[Step]:
        """The job's steps, in order: all, or those of some kinds, or of one round."""
        query = select(steps).where(steps.c.job_id == self._job_id).order_by(steps.c.number)
        if kinds:
            query = query.where(steps.c.kind.in_([kind.value for kind in kinds]))
        if round is not None:
            query = query.where(steps.c.round == round)
        with self._database.reading() as connection:
            return [step_from_row(row) for row in connection.execute(query).mappings()]

    @patient  # a number whose answer was lost is skipped
    def reserve_confirmation(self) -> int:
        """Take the next number k (1, 2, ...) for a confirmation of this job; a number is never given twice."""
        with self._database.writing() as connection:
            counted = {jobs.c.confirmations: jobs.c.confirmations + 1}
            number: int = owned(connection, self._job_id, self._lease, counted, jobs.c.confirmations).confirmations
        return number


class SqlArchive:
    """The candidates of one job with their verdicts; with a lease every write is made under its fence."""

    def __init__(self, database: Database, job_id: str, lease: Lease | None = None) -> None:
        self._database = database
        self._job_id = job_id
        self._lease = lease
        self._began_s: dict[int, float] = {}

    def add(self, candidate: Candidate, verdict: Verdict, evidence: Sequence[Evidence]) -> None:
        """Remember one judged candidate; on disk when this returns. Raises ValueError where its number is taken."""
        retried(self._database, lambda again: self._add(candidate, verdict, evidence, again))

    def _add(self, candidate: Candidate, verdict: Verdict, evidence: Sequence[Evidence], again: bool) -> None:
        key = {"job_id": self._job_id, "candidate": candidate.number}
        mine = (candidates.c.job_id == self._job_id) & (candidates.c.number == candidate.number)
        with self._writing() as connection:
            if known := connection.execute(select(candidates).where(mine)).mappings().first():
                if again and candidate_from_row(known) == candidate:
                    return  # an earlier try wrote it, and only the answer was lost
                raise ValueError(f"candidate {candidate.number} was judged before")
            connection.execute(insert(candidates).values(job_id=self._job_id, **candidate_to_row(candidate)))
            connection.execute(insert(verdicts).values(**key, **verdict_to_row(verdict)))
            for position, item in enumerate(evidence):
                connection.execute(insert(observations).values(**key, position=position, **evidence_to_row(item)))
            if verdict.kept:
                announce(connection, Event.KEPT, [self._job_id], candidate.number)
            count(connection, Tally.VERDICTS, {verdict.outcome.value: 1})

    @patient
    def entries(self) -> Sequence[Entry]:
        """All judged candidates, by number."""
        with self._database.reading() as connection:
            seen = self._evidence(connection)
            joined = candidates.join(
                verdicts,
                (verdicts.c.job_id == candidates.c.job_id) & (verdicts.c.candidate == candidates.c.number),
            )
            query = select(candidates, *_VERDICT_COLUMNS).select_from(joined)
            query = query.where(candidates.c.job_id == self._job_id).order_by(candidates.c.number)
            return [
                Entry(
                    candidate=candidate_from_row(row),
                    verdict=verdict_from_row(row),
                    evidence=tuple(seen.get(row["number"], ())),
                )
                for row in connection.execute(query).mappings()
            ]

    @patient
    def begin(self, directive: Directive) -> None:
        """Remember that a round began; raises ValueError where its number belongs to another directive."""
        data = directive_to_json(directive)
        mine = (rounds.c.job_id == self._job_id) & (rounds.c.number == directive.round)
        with self._writing() as connection:
            known = connection.scalars(select(rounds.c.directive).where(mine)).first()
            if known is None:
                row = {"directive": data, "ended": False, "spend": spend_to_json(Spend()), "note": ""}
                connection.execute(insert(rounds).values(job_id=self._job_id, number=directive.round, **row))
            elif known != data:
                raise ValueError(f"round {directive.round} began with another directive")
        self._began_s[directive.round] = time.monotonic()

    @patient
    def end(self, number: int, spend: Spend, note: str = "") -> None:
        """Remember that a round came to its end, and what it alone has spent; raises KeyError where it never began."""
        mine = (rounds.c.job_id == self._job_id) & (rounds.c.number == number)
        values = {"ended": True, "spend": spend_to_json(spend), "note": note}
        with self._writing() as connection:
            ended = connection.scalars(select(rounds.c.ended).where(mine)).first()
            if ended is None:
                raise KeyError(number)
            connection.execute(update(rounds).where(mine).values(values))
            if not ended:
                count(connection, Tally.ROUNDS, {ENDED: 1})
                if number in self._began_s:  # in this process
                    count_seconds(connection, time.monotonic() - self._began_s[number])

    @patient
    def rounds(self) -> Sequence[Round]:
        """All rounds that began, by number."""
        query = select(rounds).where(rounds.c.job_id == self._job_id).order_by(rounds.c.number)
        judged = select(candidates).where(candidates.c.job_id == self._job_id)
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
            known = {row["number"]: candidate_from_row(row) for row in connection.execute(judged).mappings()}
        known[UNCHANGED.number] = UNCHANGED
        return [
            Round(
                directive=directive_from_json(row["directive"], known),
                ended=row["ended"],
                spend=spend_from_json(row["spend"]),
                note=row["note"],
            )
            for row in rows
        ]

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._database.writing() as connection:
            owned(connection, self._job_id, self._lease)
            yield connection

    def _evidence(self, connection: Connection) -> dict[int, list[Evidence]]:
        query = select(observations).where(observations.c.job_id == self._job_id)
        query = query.order_by(observations.c.candidate, observations.c.position)
        seen: dict[int, list[Evidence]] = {}
        for row in connection.execute(query).mappings():
            seen.setdefault(row["candidate"], []).append(evidence_from_row(row))
        return seen


def _count_reply(connection: Connection, step: Step) -> None:
    """Count what a model's reply cost, where it was paid for: one from the journal was not."""
    if step.kind is not StepKind.REPLY or step.data.get("repeated") is not False:
        return
    spend = paid_for([step])
    count(connection, Tally.MODEL_CALLS, {"": spend.model_calls})
    count(connection, Tally.MODEL_TOKENS, {"": spend.tokens})
    count(connection, Tally.MODEL_USD, {"": spend.usd})


_VERDICT_COLUMNS = (verdicts.c.outcome, verdicts.c.reason, verdicts.c.speedup, verdicts.c.caveats)
