"""Paths that a person writes where only the project's own files may be named."""

from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator


def _inside(path: str) -> str:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\\" in path or not path:
        raise ValueError("must be a path inside the project, with forward slashes")
    return path


InnerPath = Annotated[str, AfterValidator(_inside)]
