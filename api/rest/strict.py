"""Bodies of requests: a field that there is not is refused, with the one that was meant."""

import difflib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

MOST_NAME_CHARACTERS = 80
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\S+")


def _as_text(given: Any) -> Any:
    """Pydantic reads numbers as seconds, too, which no description of ours says."""
    if isinstance(given, str) and _WRITTEN.fullmatch(given):
        return given
    raise ValueError("write a moment with its zone, such as 2026-11-22T12:00:00Z")


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("write a moment that in UTC is from the year 1 to 9999") from None


Moment = Annotated[AwareDatetime, BeforeValidator(_as_text), AfterValidator(_in_utc)]
"""A date and a time with its zone, as RFC 3339 writes it."""
Whole = Annotated[int, Field(strict=True)]
Real = Annotated[float, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]


class Strict(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: Any) -> Any:
        """Before pydantic's own sentence, which names no way out."""
        if isinstance(data, Mapping):
            for name in data:
                if name not in cls.model_fields:
                    raise ValueError(_sentence(str(name), list(cls.model_fields)))
        return data


def _sentence(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    way = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(f'`{one}`' for one in known)}"
    return f"there is no field `{name[:MOST_NAME_CHARACTERS]}`; {way}"
