"""Material of others inside a prompt: fenced so that nothing in it can end its fence, or kept on one line."""

import re

_RUN = re.compile(r"`+")
_BLANKS = re.compile(r"\s+")
LEAST_TICKS = 3


def fenced(text: str, language: str = "") -> str:
    """A Markdown code block whose fence is longer than any run of backticks inside."""
    longest = max((len(run) for run in _RUN.findall(text)), default=0)
    ticks = "`" * max(LEAST_TICKS, longest + 1)
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def quoted(text: str, most: int = 300) -> str:
    """The text on one line, without backticks, cut to about `most` characters."""
    line = _BLANKS.sub(" ", text).strip().replace("`", "'")
    return line if len(line) <= most else f"{line[: most - 1]}…"


def language_of(path: str) -> str:
    """What a code block of this file is called; empty for what is no code that we know."""
    suffix = path.rpartition(".")[2] if "." in path else ""
    return _LANGUAGES.get(suffix, "")


_LANGUAGES = {
    **{"py": "python", "pyx": "cython", "pxd": "cython", "c": "c", "h": "c", "rs": "rust"},
    **dict.fromkeys(("cc", "cpp", "cxx", "hh", "hpp"), "cpp"),
}
