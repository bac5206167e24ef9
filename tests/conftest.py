"""What tests of several rooms share, and which of them must run alone."""

from collections.abc import Iterator
from pathlib import Path

import docker_engine
import pytest

pytest_plugins = ("servers.fixtures",)

HERE = Path(__file__).parent
ALONE = (
    *("agent/judged", "api", "bad_input", "benchmarks/test_service_numbers.py", "cheats/test_judging.py"),
    *("contracts", "examples"),
    *("tools/measure", "tools/sandbox", "workers"),
)
"""Tests that measure, or that look at all of the machine's processes and control groups, by file or folder."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark these tests; `scripts/test` runs them one at a time, after the others."""
    alone = [HERE / folder for folder in ALONE]
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in alone):
            item.add_marker(pytest.mark.alone)


@pytest.fixture(scope="session")
def docker_socket() -> Iterator[Path]:
    """A Docker engine's socket; skips where there can be no engine, unless one is required."""
    if reason := docker_engine.missing():
        docker_engine.give_up(reason)
    with docker_engine.engine() as socket:
        yield socket
