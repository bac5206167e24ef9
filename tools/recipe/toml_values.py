"""Values of TOML files that anybody may have written: what is not of the kind that is asked for counts as not there."""

from collections.abc import Mapping
from typing import Any


def table(value: object, *keys: str) -> Mapping[str, Any]:
    """The table beneath these keys of a value; empty where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def texts(value: object) -> tuple[str, ...]:
    """The strings of a list; a single string is not one."""
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else ()


def text(value: object) -> str | None:
    """A string; None for anything else."""
    return value if isinstance(value, str) else None


def named_texts(value: object) -> dict[str, tuple[str, ...]]:
    """The lists of strings of a table."""
    return {name: texts(listed) for name, listed in table(value).items()}
