"""Text and regular expressions across a repository's files, within bounds."""

import fnmatch
import marshal
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.code.matching import matches
from tools.code.tree import ASIDE, NATIVE, PYTHON, CodeTree, standing_of
from tools.errors import InfrastructureError, UserError

MOST_LINES_A_FILE = 200
MOST_TIME_S = 10.0


@dataclass(frozen=True, kw_only=True)
class Found:
    """The lines of one file that match."""

    path: str
    count: int
    """Of all lines that match."""
    lines: tuple[int, ...]
    """The first of their numbers."""


@dataclass(frozen=True, kw_only=True)
class Searched:
    """What a search came to."""

    found: tuple[Found, ...]
    files: int
    """That were searched."""
    left_out: tuple[str, ...]
    """Files that are no text or too large."""
    aside: int
    """Vendored and generated files that were not searched, for the search was not of them."""

    @property
    def count(self) -> int:
        """Lines that match, in all files."""
        return sum(one.count for one in self.found)


def search(
    tree: CodeTree,
    pattern: str,
    *,
    glob: str = "",
    regex: bool = True,
    ignore_case: bool = False,
    most_time_s: float = MOST_TIME_S,
) -> Searched:
    """Every line that matches, file by file: a project's own code first, then examples, tests, and prose last.

    Raises UserError where the pattern is no regular expression or takes too long.
    """
    chosen = sorted((path for path in tree.paths if chosen_by(path, glob)), key=_shown_order)
    own = [path for path in chosen if not ASIDE.search(path)]
    searched = own if own or not glob else chosen
    texts = [(path, text) for path in searched if (text := tree.text(path)) is not None]
    source = pattern if regex else re.escape(pattern)
    flags = int(re.MULTILINE | (re.IGNORECASE if ignore_case else 0))
    try:
        compiled = re.compile(source, flags)
    except (re.error, OverflowError, RecursionError) as error:
        raise UserError(
            f"{pattern!r} is no regular expression of Python ({error}). Search for plain text with regex=false, or "
            "escape what is special: \\( \\[ \\. \\*."
        ) from error
    if not regex and not ignore_case:
        texts = [(path, text) for path, text in texts if pattern in text]
        rows = [(path, *matches(text, compiled, MOST_LINES_A_FILE)) for path, text in texts]
    else:
        rows = _in_a_process(source, flags, texts, most_time_s)
    return Searched(
        found=tuple(Found(path=path, count=count, lines=tuple(lines)) for path, count, lines in rows),
        files=len(searched),
        left_out=tuple(path for path in searched if tree.text(path) is None),
        aside=len(chosen) - len(searched),
    )


def _shown_order(path: str) -> tuple[bool, int, str]:
    return not path.endswith((*PYTHON, *NATIVE)), standing_of(path), path


def chosen_by(path: str, glob: str) -> bool:
    """Whether a glob chooses a path: a whole path, a name, a folder, `**` for any folders; all for an empty one."""
    if not glob or glob in (".", "**", "*"):
        return True
    glob = glob.removeprefix("./")
    if not any(character in glob for character in "*?["):
        return path == glob or path.startswith(f"{glob.rstrip('/')}/") or path.endswith(f"/{glob}")
    if "/" not in glob:
        return fnmatch.fnmatchcase(path.rpartition("/")[2], glob)
    return _glob(glob).fullmatch(path) is not None


def _glob(glob: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    meaning = {"**/": r"(?:[^/]+/)*", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    return re.compile("".join(meaning.get(part, re.escape(part)) for part in parts))


def _in_a_process(
    source: str, flags: int, texts: Sequence[tuple[str, str]], most_time_s: float
) -> list[tuple[str, int, list[int]]]:
    script = Path(__file__).with_name("matching.py")
    request = marshal.dumps((source, flags, MOST_LINES_A_FILE, list(texts)))
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(script)],
            input=request,
            capture_output=True,
            timeout=most_time_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UserError(
            f"The pattern {source!r} takes longer than {most_time_s:g} s on these files: it tries too many ways to "
            "match. Leave out nested repetition such as (a+)+, search for plain text, or name fewer files by `path`."
        ) from error
    if done.returncode != 0:
        raise InfrastructureError(f"the search ended with code {done.returncode}: {done.stderr[-300:].decode()}")
    found: list[tuple[str, int, list[int]]] = marshal.loads(done.stdout)
    return found
