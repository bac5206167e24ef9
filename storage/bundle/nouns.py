"""Whether what anybody may have written reads as the nouns that it stands for, down to the last value."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from agent.domain import UNCHANGED, Candidate, ReviewKind, StepKind
from storage.jobs import KINDS, OPTIMIZE
from storage.rows import (
    candidate_from_row,
    directive_from_json,
    evidence_from_row,
    job_from_json,
    spend_from_json,
    verdict_from_row,
)

MOST_DEPTH = 100
"""How deep JSON may be nested: what is shown goes through writers of JSON that give up before Python does."""
_MOST = 2**1000
"""No whole number is as large, so that each can be shown as a number with a point."""
_FLAT = (str, int, float, bool, type(None))


def understand(table: str, row: Mapping[str, Any], known: dict[int, Candidate], last_step: int) -> None:
    """Read a row as those who show the job will; raises what they would, and ValueError where they would show nonsense.

    `known` takes in the numbers of candidates; `last_step` is what the job says of its steps.
    """
    noun: object = None
    if table == "candidates":
        noun = candidate_from_row(row)  # type: ignore[arg-type]
        known[row["number"]] = UNCHANGED
    elif table == "rounds":
        noun = directive_from_json(row["directive"], known), spend_from_json(row["spend"])
    elif table == "verdicts":
        noun = verdict_from_row(row)  # type: ignore[arg-type]
    elif table == "evidence":
        noun = evidence_from_row(row)  # type: ignore[arg-type]
        _agree(row["kind"], row["data"]["kind"])  # the blobs that it names are looked for by the one, read by the other
    elif table == "steps":
        StepKind(row["kind"])
        row["data"].items()
        if row["number"] > last_step:
            raise ValueError("after the last step")
    elif table == "reviews":
        ReviewKind(row["kind"])
    for one in noun if isinstance(noun, tuple) else (noun,):
        check(one)
    if "candidate" in row and table in ("verdicts", "evidence") and row["candidate"] not in known:
        raise ValueError("of no candidate")


def understand_job(job: Mapping[str, Any]) -> None:
    """The same of a job's own row."""
    check(job_from_json({**job["request"], "id": "any"}))
    check(spend_from_json(job["spend"]))
    if job["kind"] not in (OPTIMIZE, *KINDS.values()):
        raise ValueError("of no kind")


def check(noun: object) -> None:
    """Raises ValueError where a noun holds anything but what its annotations say."""
    if not fits(type(noun), noun):
        raise ValueError("of other types")


def fits(kind: Any, value: object) -> bool:
    """Whether a value, with all that it holds, is what an annotation of the nouns says."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(fits(one, value) for one in inner)
    if origin is tuple:
        return isinstance(value, tuple) and all(fits(inner[0], one) for one in value)
    if origin is Mapping:
        return isinstance(value, Mapping)
    if isinstance(kind, type) and is_dataclass(kind):
        return isinstance(value, kind) and all(fits(one, getattr(value, name)) for name, one in _hints(kind).items())
    if kind in (int, float):
        whole = isinstance(value, int) and not isinstance(value, bool) and -_MOST < value < _MOST
        return whole or (kind is float and isinstance(value, float))
    if kind is datetime:
        return isinstance(value, datetime) and _is_in_utc(value)
    return isinstance(value, kind)


def is_shallow(value: object, left: int = MOST_DEPTH) -> bool:
    """Whether JSON is nested no deeper than those who show it can follow."""
    if isinstance(value, _FLAT):
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left > 0 and all(is_shallow(one, left - 1) for one in inner)


def _is_in_utc(moment: datetime) -> bool:
    try:
        return moment.tzinfo is not None and moment.astimezone(UTC) is not None
    except OverflowError:
        return False


def _agree(kind: object, other: object) -> None:
    if kind != other:
        raise ValueError(f"{kind} is {other}")


@lru_cache
def _hints(kind: type) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind)}
