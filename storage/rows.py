"""Nouns to rows and back. A row written by an older version is read with today's defaults."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import RowMapping

from agent.domain import Candidate, Directive, Job, Origin, Outcome, Spend, Step, StepKind, Verdict
from agent.evidence import Evidence, from_json, to_json
from agent.playbook.play import Play
from tools.measure.estimate import Estimate

_JOB = TypeAdapter(Job)
_SPEND = TypeAdapter(Spend)
_PLAY = TypeAdapter(Play)


def plain_dict(data: Mapping[str, object]) -> dict[str, Any]:
    """As JSON would give it back: tuples become lists, paths and enumerations text.

    Raises pydantic's PydanticSerializationError for what has no such form.
    """
    try:
        result: dict[str, Any] = _plain(data)
    except UnicodeEncodeError:  # half of a surrogate pair, as of bytes that were no UTF-8
        result = _halves(data)
    return result


def _plain(value: object) -> Any:
    return to_jsonable_python(value, inf_nan_mode="constants")


def _halves(value: Any) -> Any:
    if isinstance(value, str | PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return {
            str(key) if isinstance(key, str) else _plain({key: 0}).popitem()[0]: _halves(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_halves(item) for item in value]
    return _plain(value)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def job_to_json(job: Job) -> dict[str, Any]:
    """The request as it is kept."""
    return plain_dict(asdict(job))


def job_from_json(data: Mapping[str, Any]) -> Job:
    """The inverse of `job_to_json`."""
    return _JOB.validate_python(data)


def source_digest(source: str) -> str:
    """What the jobs of a repository are found by."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def gain_of(report: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The speedup of what a report delivers, or of the patch that a judgement is of; None where there is none."""
    delivered: Mapping[str, Any] = next(iter(report.get("kept", ())), report)
    if combined := report.get("combined"):
        delivered = combined if combined.get("patch") else {}
    gain: Mapping[str, Any] | None = delivered.get("speedup")
    return gain


def spend_to_json(spend: Spend) -> dict[str, Any]:
    """What a job has spent, as it is kept."""
    return plain_dict(asdict(spend))


def spend_from_json(data: Mapping[str, Any]) -> Spend:
    """The inverse of `spend_to_json`."""
    return _SPEND.validate_python(data)


def play_to_json(play: Play) -> dict[str, Any]:
    """A play as it is kept."""
    return plain_dict(asdict(play))


def play_from_json(data: Mapping[str, Any]) -> Play:
    """The inverse of `play_to_json`."""
    return _PLAY.validate_python(data)


def step_to_row(step: Step) -> dict[str, Any]:
    """The columns of a step, but for its job."""
    return {
        "number": step.number,
        "kind": step.kind.value,
        "title": step.title,
        "data": dict(step.data),
        "candidate": step.candidate,
        "round": step.round,
        "attempt": step.attempt,
        "at": step.at,
    }


def step_from_row(row: RowMapping) -> Step:
    """The inverse of `step_to_row`."""
    return Step(**{**{name: row[name] for name in _STEP_COLUMNS}, "kind": StepKind(row["kind"])})


_STEP_COLUMNS = ("number", "title", "data", "candidate", "round", "attempt", "at")


def candidate_to_row(candidate: Candidate) -> dict[str, Any]:
    """The columns of a candidate, but for its job."""
    return {
        "number": candidate.number,
        "patch": candidate.patch,
        "parents": list(candidate.parents),
        "origin": candidate.origin.value,
        "summary": candidate.summary,
        "target": candidate.target,
        "round": candidate.round,
        "author": candidate.author,
    }


def candidate_from_row(row: RowMapping) -> Candidate:
    """The inverse of `candidate_to_row`."""
    return Candidate(
        number=row["number"],
        patch=row["patch"],
        parents=tuple(row["parents"]),
        origin=Origin(row["origin"]),
        summary=row["summary"],
        target=row["target"],
        round=row["round"],
        author=row["author"],
    )


def directive_to_json(directive: Directive) -> dict[str, Any]:
    """A directive with its candidates by number."""
    by_number = {name: getattr(directive, name) for name in _CANDIDATES}
    plain = {name: None if one is None else one.number for name, one in by_number.items()}
    return plain_dict({**{name: getattr(directive, name) for name in _PLAIN}, **plain})


def directive_from_json(data: Mapping[str, Any], candidates: Mapping[int, Candidate]) -> Directive:
    """The inverse of `directive_to_json`, given the job's candidates by number."""
    named = {name: None if data[name] is None else candidates[data[name]] for name in _CANDIDATES}
    plain = {name: tuple(data[name]) if isinstance(data[name], list) else data[name] for name in _PLAIN}
    values: dict[str, Any] = {**plain, **named}
    return Directive(**values)


_CANDIDATES = ("parent", "start", "partner")
_PLAIN = tuple(field.name for field in fields(Directive) if field.name not in _CANDIDATES)


def verdict_to_row(verdict: Verdict) -> dict[str, Any]:
    """The columns of a verdict, but for its candidate."""
    return {
        "outcome": verdict.outcome.value,
        "reason": verdict.reason,
        "speedup": None if verdict.speedup is None else plain_dict(asdict(verdict.speedup)),
        "caveats": list(verdict.caveats),
    }


def verdict_from_row(row: RowMapping) -> Verdict:
    """The inverse of `verdict_to_row`."""
    return Verdict(
        outcome=Outcome(row["outcome"]),
        reason=row["reason"],
        speedup=None if row["speedup"] is None else Estimate(**row["speedup"]),
        caveats=tuple(row["caveats"]),
    )


def evidence_to_row(evidence: Evidence) -> dict[str, Any]:
    """The columns of one piece of evidence, but for its candidate and position."""
    data = plain_dict(to_json(evidence))
    return {"kind": data["kind"], "data": data}


def evidence_from_row(row: RowMapping) -> Evidence:
    """The inverse of `evidence_to_row`."""
    return from_json(row["data"])
