"""Hostile output is kept as it is: NUL, halves of surrogate pairs, infinity, numbers of any size; on both databases."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from agent.domain import UNCHANGED, Candidate, Directive, Job, Origin, Outcome, Spend, StepKind, Verdict
from agent.evidence import Hint, Hints
from agent.protocols import JobStatus
from storage.queue import CANCEL
from storage.store import Store, open_store
from storage.submission import Submission
from storage.tables import reviews
from tools.errors import UserError
from tools.measure.calibrate import Calibration

NASTY = "a\0b \ud83d|\ude00 \udcff \ufdd00000 \x1b[31m \u202e \\u0000 é 😀 \U0010ffff'\"%;--"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, database_url: str | None) -> Iterator[Store]:
    with open_store(tmp_path, database_url) as opened:
        opened.jobs.create(Job(id="a1", source=NASTY, created=NOON))
        yield opened


def test_a_job_and_its_end(store: Store) -> None:
    assert store.jobs.get("a1").source == NASTY
    store.jobs.finish("a1", JobStatus.FAILED, detail=NASTY, report={NASTY: NASTY})
    assert store.jobs.state("a1").detail == NASTY
    assert store.jobs.report("a1") == {NASTY: NASTY}


def test_a_step(store: Store) -> None:
    journal = store.jobs.journal("a1")
    data = {
        "out": NASTY,
        NASTY: [math.inf, -math.inf, 10**40, -0.0, 5e-324, {"deep": [NASTY]}],
        "path": Path("/\udcff"),
    }
    step = journal.append(StepKind.NOTE, NASTY, data)
    assert list(journal.steps()) == [step]
    assert step.title == NASTY
    assert step.data == {**data, "path": "/\udcff"}
    journal.append(StepKind.NOTE, "no number", {"x": math.nan})
    assert math.isnan(journal.steps()[1].data["x"])  # type: ignore[arg-type]


def test_a_candidate_with_its_round(store: Store) -> None:
    archive = store.jobs.archive("a1")
    directive = Directive(
        round=1, parent=UNCHANGED, proposer="session", target=NASTY, method="refine", idea=NASTY, temperature=math.inf
    )
    archive.begin(directive)
    archive.begin(directive)
    candidate = Candidate(
        number=1, patch=NASTY, origin=Origin.MODEL, summary=NASTY, target=NASTY, round=1, author=NASTY
    )
    evidence = (Hints(found=(Hint(rule="gc", path=NASTY, line=2**40, text=NASTY),), caches=True),)
    verdict = Verdict(outcome=Outcome.CHEATED, reason=NASTY, caveats=(NASTY,))
    archive.add(candidate, verdict, evidence)
    archive.end(1, Spend(), NASTY)
    [entry] = archive.entries()
    assert (entry.candidate, entry.verdict, entry.evidence) == (candidate, verdict, evidence)
    [known] = archive.rounds()
    assert (known.directive, known.note) == (directive, NASTY)


def test_what_is_looked_for_by_such_a_name_is_not_found(store: Store) -> None:
    for ask in (store.jobs.get, store.jobs.state, lambda name: store.queue.want(name, NASTY, CANCEL)):
        with pytest.raises(UserError) as raised:
            ask(NASTY)
        assert raised.value.status == 404
    assert store.queue.claim(NASTY, NASTY) is None
    assert list(store.calibrations.of(NASTY)) == []
    assert store.tenants.caller(NASTY.encode("utf-8", "replace").decode()) is None


def test_a_key_for_submitting(store: Store) -> None:
    asked = Submission(tenant="acme", key=NASTY, digest="d")
    for job_id in ("b1", "b2"):
        assert store.queue.submit(Job(id=job_id, source=NASTY, created=NOON), asked) == "b1"


def test_a_noise_without_bounds(store: Store) -> None:
    store.calibrations.add("here", NASTY, Calibration(noise=math.inf, clock="cpu", pairs=2**31 - 1, accepted=True))
    [run] = store.calibrations.of("here")
    assert (run.workload, run.found.noise, run.found.pairs) == (NASTY, math.inf, 2**31 - 1)


def test_what_does_not_fit_is_the_callers_mistake(store: Store) -> None:
    review = {"job_id": "a1", "kind": "hint", "text": "t", "author": "a", "at": NOON}
    with pytest.raises(UserError, match="does not fit") as raised, store.database.writing() as connection:
        connection.execute(insert(reviews).values(**review, line=10**30))
    assert raised.value.status == 422
    with store.database.reading() as connection:
        assert connection.execute(select(reviews)).all() == []
