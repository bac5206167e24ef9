"""Hints of people reach the model, and only as what they are."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from paper_desk import paper_desk, paper_job, paper_kit

from agent.domain import Review, ReviewKind
from agent.prompts.hints import MOST_HINTS
from agent.prompts.opening import opening

FILES = {"shop.py": "def match(orders):\n    return orders\n"}


def task(folder: Path, *reviews: Review) -> str:
    kit = replace(paper_kit(paper_job()), reviews=lambda: reviews)
    return opening(paper_desk(folder, FILES, kit=kit), [])[1].text


def hint(text: str, **about: object) -> Review:
    return Review(**{"kind": ReviewKind.HINT, "text": text, "author": "ann", "at": datetime.now(UTC), **about})


def test_a_hint_is_shown_with_what_it_is_about(tmp_path: Path) -> None:
    told = task(tmp_path, hint("try a dict"), hint("this loop", path="shop.py", line=2), hint("nearly", candidate=3))
    assert "# Hints from the people" in told
    for part in ("```\ntry a dict\n```", "On shop.py:2:\n\n```\nthis loop", "On attempt 3:\n\n```\nnearly"):
        assert part in told


def test_a_job_without_hints_is_told_nothing_of_them(tmp_path: Path) -> None:
    approved = Review(kind=ReviewKind.APPROVE, candidate=1, text="good", author="ann", at=datetime.now(UTC))
    assert "Hints" not in task(tmp_path)
    assert "Hints" not in task(tmp_path, approved)


def test_hints_have_bounds(tmp_path: Path) -> None:
    told = task(tmp_path, *(hint(f"hint {number} " + "x" * 9000) for number in range(30)))
    assert "hint 29 " in told
    assert "hint 1 " not in told
    assert len(told) < MOST_HINTS * 2500
