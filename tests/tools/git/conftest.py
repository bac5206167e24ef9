"""Fixtures of the git tests."""

from collections.abc import Callable
from pathlib import Path

import pytest
from checkouts import Checkout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where Hasten keeps its things."""
    return tmp_path / "home"


@pytest.fixture
def make_checkout(tmp_path: Path) -> Callable[[str], Checkout]:
    """Makes an empty checkout of that name."""
    return lambda name: Checkout(tmp_path / name)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout with one module and one commit."""
    made = Checkout(tmp_path / "checkout")
    made.commit({"pkg/__init__.py": "", "pkg/mod.py": "def f():\n    return 1\n", "README": "hello\n"})
    return made
