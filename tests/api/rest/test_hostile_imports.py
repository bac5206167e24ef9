"""An archive that anybody may have made, in a service: refused, or shown; it gets at nothing, and breaks nothing."""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from bundles import export, fill, resealed, unpack
from fastapi.testclient import TestClient
from ready_home import ready

from storage.bundle.tar import sha256
from storage.store import Store, open_store
from storage.tables import candidates, evidence, jobs, reviews, rounds, steps, verdicts

ClientOf = Callable[..., TestClient]
GZIP = {"Content-Type": "application/gzip"}
WRONG: tuple[Any, ...] = (None, 10**400, "\ud800\0", ["x"], {"kind": "Timed"}, "0001-01-01T00:00:00+14:00")
SHOWN: Mapping[str, Sequence[str]] = {
    "job.json": ("", "/report", "/patch"),
    "candidates/000001.jsonl": ("/candidates", "/candidates/1"),
    "rounds/000001.jsonl": ("/export",),
    "verdicts/000001.jsonl": ("/candidates", "/candidates/1"),
    "evidence/000001.jsonl": ("/candidates/1",),
    "steps/000001.jsonl": ("/steps", "/candidates/1"),
    "reviews/000001.jsonl": ("/reviews", "/candidates/1"),
}
"""The parts of an archive, and where their rows are shown, but for the list of jobs."""


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, bytes]]:
    with open_store(ready(tmp_path_factory.mktemp("home"))) as store:
        fill(store)
        yield unpack(export(store))


@pytest.fixture
def mine(client_of: ClientOf) -> TestClient:
    return client_of("mine")


def taken(client: TestClient, members: Mapping[str, bytes], name: str) -> int:
    content = resealed(dict(members)).getvalue()
    answer = client.post(f"/v1/imports?as={name}", content=content, headers=GZIP)
    assert answer.status_code in (201, 422), answer.text
    return answer.status_code


def last_row(members: Mapping[str, bytes], name: str) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(members[name].splitlines()[-1])
    return row


def with_row(members: Mapping[str, bytes], name: str, row: Mapping[str, Any]) -> dict[str, bytes]:
    rest = members[name].splitlines(keepends=True)[:-1]
    return {**members, name: b"".join(rest) + json.dumps(row).encode() + b"\n"}


def places(value: Any, *way: str | int) -> Iterator[tuple[str | int, ...]]:
    """Every place within a row, the way to it: columns, and what stands within their JSON."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield (*way, key)
        yield from places(one, *way, key)


def put(row: dict[str, Any], way: tuple[str | int, ...], value: object) -> dict[str, Any]:
    changed: Any = json.loads(json.dumps(row))
    holder = changed
    for key in way[:-1]:
        holder = holder[key]
    holder[way[-1]] = value
    return dict(changed)


def forget(store: Store, name: str) -> None:
    with store.database.writing() as connection:
        for table in (verdicts, evidence, candidates, rounds, steps, reviews):
            connection.execute(table.delete().where(table.c.job_id == name))
        connection.execute(jobs.delete().where(jobs.c.id == name))


@pytest.mark.parametrize("part", SHOWN)
def test_whatever_stands_in_a_column_is_refused_or_shown(
    part: str, members: Mapping[str, bytes], mine: TestClient, store: Store
) -> None:
    row = last_row(members, part)
    for way, value in itertools.product(places(row), WRONG):
        if taken(mine, with_row(members, part, put(row, way, value)), "wrong") == 422:
            continue
        for path in ("/v1/jobs", *(f"/v1/jobs/wrong{one}" for one in SHOWN[part])):
            assert mine.get(path).status_code < 500, (way, value, path)
        forget(store, "wrong")


@pytest.mark.parametrize("kind", ["finish", "note", "candidate", "evidence", "profile"])
def test_no_step_gets_at_a_blob_of_somebody_else(
    kind: str, members: Mapping[str, bytes], mine: TestClient, store: Store
) -> None:
    theirs = store.blobs.put(b"main;of;somebody;else 7")
    row = {**last_row(members, "steps/000001.jsonl"), "kind": kind}
    for more in ({}, {"delivered": True}):
        row["data"] = {"folded": theirs, "kept": [1], **more}
        assert taken(mine, {**members, "steps/000001.jsonl": json.dumps(row).encode() + b"\n"}, kind) == 201
        assert "somebody" not in mine.get(f"/v1/jobs/{kind}/candidates/1").text
        forget(store, kind)


def test_no_evidence_gets_at_a_blob_of_somebody_else(
    members: Mapping[str, bytes], mine: TestClient, store: Store
) -> None:
    part = "evidence/000001.jsonl"
    timed = last_row(members, part)
    theirs = store.blobs.put(b'[{"somebody": 7}]')
    named = {**timed, "data": {**timed["data"], "samples": theirs}}
    assert taken(mine, with_row(members, part, {**named, "kind": "Tested"}), "samples") == 422
    assert taken(mine, with_row(members, part, named), "samples") == 201
    seen = mine.get("/v1/jobs/samples/candidates/1").json()
    assert (seen["evidence"][-1]["samples"], seen["samples"][0]["measured"]["samples"]) == (None, [])


def test_blobs_that_are_something_else_are_shown_as_none(members: Mapping[str, bytes], mine: TestClient) -> None:
    """The archive holds what it names, which is no profile and no measurement."""
    profile, timed = last_row(members, "steps/000001.jsonl"), last_row(members, "evidence/000001.jsonl")
    odd = b"\xff\xfe;b 7"
    digest = sha256(odd)
    timed["data"]["samples"] = digest
    profile |= {"kind": "profile", "data": {"folded": digest}}
    changed = with_row(with_row(members, "steps/000001.jsonl", profile), "evidence/000001.jsonl", timed)
    listed = changed.pop("manifest.json")
    assert taken(mine, {**changed, f"blobs/{digest}": odd, "manifest.json": listed}, "odd") == 201
    answer = mine.get("/v1/jobs/odd/candidates/1")
    assert answer.status_code == 200
    assert answer.json()["profile"]["before"].endswith(";b 7")
    assert answer.json()["samples"][0]["measured"]["samples"] == []
