"""Code that a program wrote: an edit of it is lost when it is written again."""

import re
from pathlib import PurePosixPath

MOST_HEADER_LINES = 40
DOCSTRING_LINES = 3
_NAMES = re.compile(r"(.+_pb2(_grpc)?|parsetab|lextab|_version|_scm_version|versioneer)\.py")
_SAID = re.compile(
    r"auto[- ]?(matically[- ])?generated|\bgenerated (automatically )?(by|from|with|using)\b|@generated\b"
    r"|\bdo(n['’]t| not) (edit|modify|change) (this|by hand)|\bdo not edit\b",
    re.IGNORECASE,
)


def is_generated(path: str, text: str) -> bool:
    """Whether a file's name says so, or its header: the comments and the docstring's first lines before any code."""
    return bool(_NAMES.fullmatch(PurePosixPath(path).name) or _SAID.search(_header(text)))


def _header(text: str) -> str:
    said: list[str] = []
    for line in text.splitlines()[:MOST_HEADER_LINES]:
        stripped = line.strip()
        if stripped.startswith("#"):
            said.append(stripped)
        elif stripped.lower().lstrip("rub").startswith(('"""', "'''", '"', "'")):
            start = text.index(line)
            return "\n".join([*said, *text[start:].splitlines()[:DOCSTRING_LINES]])
        elif stripped:
            break
    return "\n".join(said)
