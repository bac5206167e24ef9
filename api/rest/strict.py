"""Bodies of requests: a field that there is not is refused, with the one that was meant."""

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

MOST_NAME_CHARACTERS = 80


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
