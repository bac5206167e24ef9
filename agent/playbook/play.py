"""A play: one rewrite that was kept, in a form that can serve in another place, with the proof that it worked."""

from dataclasses import dataclass
from datetime import datetime

from agent.domain import Origin, Outcome
from tools.errors import UserError
from tools.measure.estimate import Estimate

PYTHON = "python"
C = "c"
"""C and C++."""


@dataclass(frozen=True, kw_only=True)
class Play:
    """What a kept diff did to the functions it changed."""

    language: str
    target: str
    """`module:function`, or a path where the change is of no Python function."""
    summary: str
    """One line of whoever proposed it, a model or a rule."""
    before: str
    """The changed functions as they were."""
    after: str
    """The same as they became, with what came to stand beside them."""
    pattern_before: str
    """`before` with names, texts and numbers generalised; nothing of comments or docstrings."""
    pattern_after: str
    form: str
    """Digest of both patterns: plays of one form are the same play."""
    words: tuple[str, ...] = ()
    """Of the function's name and its docstring."""
    tags: tuple[str, ...] = ()
    """Constructs found in `before`."""
    gained: tuple[str, ...] = ()
    """Constructs that only `after` has."""
    speedup: Estimate | None
    source: str
    """The repository it comes from, without credentials."""
    job: str
    candidate: int
    origin: Origin
    author: str = ""
    """The model that wrote it; empty where none did."""
    outcome: Outcome
    """Of the candidate's judgement."""
    confirmed: str
    """Which delivered tree it stands in, and what that tree was measured to gain; empty where none was confirmed."""
    at: datetime
    """In UTC."""


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """A play of the playbook."""

    number: int
    """Counted within its home; forgotten ones leave gaps."""
    play: Play
    times: int = 1
    """How many jobs found the same form."""


@dataclass(frozen=True, kw_only=True)
class Query:
    """What a play is looked for by."""

    code: str
    """The function's text; may be empty."""
    name: str = ""
    """`module:function`."""
    words: str = ""
    """More words to look for."""
    language: str = PYTHON
    imported: frozenset[str] = frozenset()
    """Names that the function's file imports from other projects."""
    before: datetime | None = None
    """Only plays that were there at this moment, so that a job that is resumed finds what it found."""


def check(play: Play) -> None:
    """Refuse what was not proven: raises UserError unless it was kept and a tree that has it was confirmed."""
    if play.outcome is not Outcome.KEPT:
        raise UserError(f"only kept rewrites are remembered; candidate {play.candidate} is {play.outcome}", status=422)
    if not play.confirmed:
        message = f"candidate {play.candidate} stands in no delivered tree that was confirmed; it is not remembered"
        raise UserError(message, status=422)
    if play.speedup is None or play.speedup.low <= 1:
        raise UserError(f"candidate {play.candidate} has no speedup that is certain; it is not remembered", status=422)


def same_repository(play: Play, source: str) -> bool:
    """Whether a play comes from the repository that is worked on now."""
    return play.source.rstrip("/").removesuffix(".git") == source.rstrip("/").removesuffix(".git")
