"""Pages of lists, and the answers that they are sent as."""

import base64
import binascii
import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import BaseModel

from storage.listing import Cursor
from tools.errors import UserError

MOST_CURSOR_CHARACTERS = 200
JSON = "application/json"

Limit = Annotated[int, Query(ge=1, le=100, description="At most so many.")]
CursorText = Annotated[
    str | None,
    Query(max_length=MOST_CURSOR_CHARACTERS, description="Where the page begins: the `next` of the page before."),
]


def cursor_to_text(cursor: Cursor | None) -> str | None:
    """A cursor as clients see it: a text that says nothing to them."""
    if cursor is None:
        return None
    plain = f"{cursor[0].astimezone(UTC).isoformat()} {cursor[1]}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def cursor_from_text(text: str | None) -> Cursor | None:
    """The inverse of `cursor_to_text`; raises UserError (422) for any other text."""
    if text is None:
        return None
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        moment, job_id = plain.split(" ")
        found = datetime.fromisoformat(moment)
        if found.tzinfo is None:
            raise ValueError(moment)
        return found.astimezone(UTC), job_id
    except (binascii.Error, ValueError, OverflowError) as error:
        raise UserError(
            "the cursor is none of ours: give the `next` of the page before, as it is", status=422
        ) from error


def answer(
    content: BaseModel | Mapping[str, Any] | list[Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer; what models and strangers' code wrote may hold lone surrogates and numbers that JSON has not."""
    plain = content.model_dump(mode="json", by_alias=True) if isinstance(content, BaseModel) else content
    body = json.dumps(finite(plain), separators=(",", ":"))
    return Response(body, status_code=status, headers=dict(headers or {}), media_type=JSON)


def finite(value: Any) -> Any:
    """The same with null for numbers that are not finite."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    return value
