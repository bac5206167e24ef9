"""A small project on disk, and the real sandbox to run its suite in, with the environment that these tests run in."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from own_environment import own_environment

from tools.recipe.environment import Environment
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Limits, Sandbox
from tools.sandbox.select import open_sandbox
from tools.testsuite import Moment, SuiteOrder, SuiteRun, run_suite

PRICES = """
'Prices.'

from __future__ import annotations

import functools

RATES = {"a": 2, "b": 3}


def total(items, *, rate=1):
    return sum(price(item) for item in items) * rate


def price(item):
    return RATES.get(item, 1)


@functools.lru_cache(maxsize=None)
def cached(item):
    return price(item)


def burn(seconds):
    import time

    end = time.process_time() + seconds
    count = 0
    while time.process_time() < end:
        count += 1
    return count


def hot():
    return burn(0.25)


def cold():
    return burn(0.05)


def change(items, *more, last=None, **options):
    items.append(last)
    return len(items)


class Cart:
    def __init__(self, items):
        self.items = items

    def size(self):
        return len(self.items)

    @staticmethod
    def empty():
        return 0

    @classmethod
    def of(cls, *items):
        return cls(list(items))

    @property
    def first(self):
        return self.items[0]
"""


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, str]], Path]:
    """Writes files (path: text) of a project that already has `shop/prices.py`; gives its tree."""

    def write(files: dict[str, str]) -> Path:
        tree = tmp_path_factory.mktemp("tree")
        for path, text in {"shop/__init__.py": "", "shop/prices.py": PRICES, **files}.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(textwrap.dedent(text))
        return tree

    return write


@pytest.fixture
def project(projects: Callable[[dict[str, str]], Path]) -> Callable[[dict[str, str]], Path]:
    """The same, for a single test."""
    return projects


@pytest.fixture(scope="session")
def sandbox() -> Sandbox:
    """The embedded sandbox."""
    return open_sandbox("bubblewrap")


@pytest.fixture(scope="session")
def environment() -> Environment:
    """What these tests run in, which has pytest, in the place of a built environment."""
    return own_environment()


@pytest.fixture(scope="session")
def run(sandbox: Sandbox, environment: Environment) -> Callable[..., SuiteRun]:
    """`run_suite` with everything that seldom matters filled in."""

    def call(
        tree: Path,
        *,
        wall_s: float = 60.0,
        recipe: Recipe | None = None,
        watch: Callable[[Moment], None] = lambda _: None,
        **asked: object,
    ) -> SuiteRun:
        return run_suite(
            sandbox,
            environment,
            tree,
            recipe or Recipe(pytest_args=("-p", "no:cacheprovider")),
            SuiteOrder(hash_seed=1, limits=Limits(wall_s=wall_s), **asked),  # type: ignore[arg-type]
            watch,
        )

    return call
