"""Errors over HTTP: RFC 9457 problems, each with one sentence that says what to change."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.rest.answers import HEADERS, allowed
from storage.limits import QuotaError
from tools.errors import InfrastructureError, UserError

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
MOST_ERRORS = 20
MOST_PLACE_CHARACTERS = 200


class Problem(BaseModel):
    """What went wrong, in the form of RFC 9457."""

    type: str = Field(default="about:blank", examples=["about:blank"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["there is no job '1234'"])
    errors: list[dict[str, str]] = Field(default=[], description="Where a request does not fit, field by field.")


def problem(
    status: int, detail: str, *, errors: list[dict[str, str]] | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """A problem as an answer."""
    said = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors or [])
    content = said.model_dump(exclude={"errors"} if not errors else None)
    return JSONResponse(content, status_code=status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every error of the application by a problem."""

    @app.exception_handler(UserError)
    def of_user(_: Request, error: UserError) -> JSONResponse:
        headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, QuotaError) else {}
        return problem(error.status, str(error), headers=headers)

    @app.exception_handler(InfrastructureError)
    def of_infrastructure(_: Request, error: InfrastructureError) -> JSONResponse:
        headers = {"Retry-After": str(RETRY_AFTER_S)} if error.retryable else {}
        return problem(503, "the service cannot answer now; try again in a while", headers=headers)

    @app.exception_handler(HTTPException)
    def of_http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:  # the router names those of one route
            methods = ", ".join(allowed(app, request.scope))
            detail = f"there is no {request.method} here; there are {methods}"
            return problem(error.status_code, detail, headers={"Allow": methods})
        if error.status_code == HTTPStatus.BAD_REQUEST:  # what FastAPI says of a body that json cannot read
            return problem(422, "body: this is no JSON in UTF-8")
        return problem(error.status_code, str(error.detail), headers=error.headers)

    @app.exception_handler(RequestValidationError)
    def of_validation(_: Request, error: RequestValidationError) -> JSONResponse:
        errors = [{"at": _place(one), "problem": _said(one)} for one in error.errors()]
        first = errors[0]
        return problem(422, f"{first['at']}: {first['problem']}", errors=errors[:MOST_ERRORS])

    @app.exception_handler(Exception)
    def of_bug(_: Request, error: Exception) -> JSONResponse:
        del error  # told to the log by the server; its words may hold what callers are not to see
        return problem(500, "this is a mistake of Hasten's; the log of the service has it", headers=HEADERS)


def _place(error: Mapping[str, Any]) -> str:
    return ".".join(str(part) for part in error["loc"])[:MOST_PLACE_CHARACTERS]


def _said(error: Mapping[str, Any]) -> str:
    """What is wrong; never the value, which may be a secret."""
    return str(error["msg"]).removeprefix("Value error, ")
