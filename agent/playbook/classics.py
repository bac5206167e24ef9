"""Pairs of slow and fast code that everybody knows, for homes that remember nothing yet."""

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from agent.domain import Origin, Outcome
from agent.playbook.abstract import Abstraction, form_of
from agent.playbook.play import Play
from agent.playbook.ranking import words_of
from agent.playbook.tags import tags_of

CLASSICS = Path(__file__).with_name("classics.toml")


@cache
def classics() -> tuple[Play, ...]:
    """The pairs that ship, each shown by a test to do the same in less time."""
    return tuple(_classic(**pair) for pair in tomllib.loads(CLASSICS.read_text("utf-8"))["pair"])


def _classic(*, name: str, language: str, summary: str, before: str, after: str) -> Play:
    names = Abstraction(language)
    pattern_before, pattern_after = names.of(before), names.of(after)
    tags = tags_of(before, language)
    return Play(
        language=language,
        target=name,
        summary=summary,
        before=before,
        after=after,
        pattern_before=pattern_before,
        pattern_after=pattern_after,
        form=form_of(language, pattern_before, pattern_after),
        words=words_of(f"{name} {summary}"),
        tags=tags,
        gained=tuple(tag for tag in tags_of(after, language) if tag not in tags),
        speedup=None,
        source="",
        job="",
        candidate=0,
        origin=Origin.PERSON,
        outcome=Outcome.KEPT,
        confirmed="",
        at=datetime.min.replace(tzinfo=UTC),
    )
