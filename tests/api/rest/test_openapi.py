"""The service is what its OpenAPI says: every request that can be made from it is answered as it states."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from schemathesis.config import (
    ChecksConfig,
    CoveragePhaseConfig,
    FuzzingPhaseConfig,
    GenerationConfig,
    PhasesConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    StatefulPhaseConfig,
)
from schemathesis.engine import events, from_schema
from worked import work

from storage.store import Store

EXAMPLES = 1
"""Drawn for each operation, beside those that cover each of its rules once."""


@schemathesis.serializer("application/gzip")
def as_it_is(context: object, value: object) -> bytes:
    """Whatever was drawn for an archive, which is rarely one."""
    del context
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")


@pytest.fixture(scope="module")
def finished(client: TestClient, store: Store) -> str:
    """A job with everything in it."""
    job_id: str = client.post("/v1/jobs", json={"repository": "https://github.com/owner/name"}).json()["id"]
    work(store, job_id)
    return job_id


@pytest.fixture(scope="module")
def document(app: FastAPI) -> dict[str, Any]:
    described: dict[str, Any] = app.openapi()
    return described


@pytest.fixture(scope="module")
def app(client: TestClient) -> FastAPI:
    made = client.app
    assert isinstance(made, FastAPI)
    return made


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "components": document["components"]}


def test_every_request_and_answer_has_an_example_that_fits(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        holders = [operation.get("requestBody", {}), *operation["responses"].values()]
        for holder in holders:
            for kind, media in holder.get("content", {}).items():
                assert "example" in media, f"{name}: {kind}"
                problems = Draft202012Validator(resolved(media["schema"], document)).iter_errors(media["example"])
                assert [one.message for one in problems] == [], name


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        if "/v1" in name:
            assert operation["description"].endswith("."), name
            assert {"401", "403", "429", "503"} <= set(operation["responses"]), name
            assert "security" in operation, name


def config(headers: dict[str, str], parameters: dict[str, Any]) -> SchemathesisConfig:
    project = ProjectConfig(
        headers=headers,
        parameters=parameters,
        continue_on_failure=True,
        checks=ChecksConfig(positive_data_acceptance=PositiveDataAcceptanceConfig(enabled=False)),
        phases=PhasesConfig(
            coverage=CoveragePhaseConfig(),
            fuzzing=FuzzingPhaseConfig(),
            stateful=StatefulPhaseConfig(enabled=False),
        ),
        generation=GenerationConfig(max_examples=EXAMPLES, deterministic=True, no_shrink=True),
    )
    return SchemathesisConfig(projects=ProjectsConfig(default=project))


@pytest.mark.timeout(1200)
def test_requests_made_from_the_description_are_answered_as_it_states(
    client: TestClient, app: FastAPI, store: Store, finished: str
) -> None:
    store.tenants.ensure("acme", "Acme")
    headers = {"Authorization": client.headers["Authorization"]}
    parameters = {"job_id": finished, "number": 1, "tenant_id": "acme"}
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", app, config=config(headers, parameters))
    failures: list[str] = []
    answered = 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            failures.append(str(event))
        if isinstance(event, events.ScenarioFinished):
            answered += len(event.recorder.interactions)
            for case_id, checks in event.recorder.checks.items():
                case = event.recorder.cases[case_id].value
                failures += [
                    f"{case.method} {case.formatted_path}: {one.name}: {one.failure_info.failure}"
                    for one in checks
                    if one.failure_info is not None
                ]
    assert failures[:20] == []
    assert answered > 500
