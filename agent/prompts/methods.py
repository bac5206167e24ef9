"""What each method tells a model, in words: `methods/NAME.md`, a section for each of its phases."""

import re
from functools import cache
from pathlib import Path
from string import Template

PAGES = Path(__file__).with_name("methods")


def told(method: str, phase: str = "", **words: object) -> str:
    """The instruction of one phase with `$name` filled in; raises KeyError where there is no such phase or word."""
    text = _sections(method)[phase or method]
    return Template(text).substitute({name: str(word) for name, word in words.items()}).strip()


@cache
def _sections(method: str) -> dict[str, str]:
    page = (PAGES / f"{method}.md").read_text("utf-8")
    parts = re.split(r"^## (.+)$\n", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))
