"""The service described for programs: every operation with every answer it may give, and an example of each."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.rest.examples import EXAMPLES
from api.rest.problems import MEDIA_TYPE, Problem

ABOUT = (
    "Makes repositories faster and proves it. Every answer is JSON, every error a problem as in RFC 9457 whose "
    "`detail` says what to change. Unknown fields are refused. Lists are pages: `items`, and `next` for the page after."
)
SAID = {
    401: "There is no key, or one that holds no more.",
    403: "The key, or the tenant, may not do that.",
    404: "There is no such thing, or it is another tenant's.",
    409: "It cannot be done as things stand.",
    413: "The request is too large.",
    415: "The request is no JSON, or an import no archive.",
    422: "The request cannot be meant: `errors` says where.",
    429: "More than a quota or a rate allows; `Retry-After` says when to come back.",
    503: "The service cannot answer now.",
}
METRICS = "/metrics"
STREAM = "text/event-stream"


def install(app: FastAPI) -> None:
    """Describe the application by `describe`."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an application."""
    document = get_openapi(title=app.title, version=app.version, routes=app.routes, description=ABOUT)
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    for path, operation, method in _operations(document):
        _with_problems(path, method, operation)
        _with_examples(operation, schemas)
    steps = document["paths"]["/v1/jobs/{job_id}/steps"]["get"]["responses"]["200"]["content"]
    steps[STREAM] = {"schema": {"type": "string"}, "example": "event: step\nid: 17\ndata: {}\n\n"}
    return document


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, operation, method


def _with_problems(path: str, method: str, operation: dict[str, Any]) -> None:
    """Every error that the operation may answer, and no other."""
    answers = operation["responses"]
    for status in [one for one in answers if int(one) >= 400]:
        del answers[status]
    statuses = [503]
    if path.startswith("/v1"):
        statuses += [401, 403, 422, 429]
        statuses += [404] if "{" in path else []
        statuses += [409, 413, 415] if method != "get" else []
        statuses += [409] if path.endswith(("/patch", "/export")) else []
    if path == METRICS:
        statuses += [401, 403, 429]
    for status in sorted(set(statuses)):
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": _problem(status)}}
        answers[str(status)] = {"description": SAID[status], "content": content}


def _problem(status: int) -> dict[str, Any]:
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": SAID[status]}


def _with_examples(operation: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    for holder in (*bodies, *operation["responses"].values()):
        for media in holder.get("content", {}).values():
            example = _example(media.get("schema", {}), schemas)
            if example is not None:
                media.setdefault("example", example)


def _example(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    for one in (schema, *schema.get("anyOf", ())):
        name = one.get("$ref", "").rpartition("/")[2]
        if name in EXAMPLES:
            return EXAMPLES[name]
        if examples := schemas.get(name, {}).get("examples"):
            return examples[0]
    return None
