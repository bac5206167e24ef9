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
TOGETHER = (
    *("agent/judged/test_killed_search.py", "api/rest"),
    *("workers/test_collecting.py", "workers/test_deliveries.py", "workers/test_doors.py"),
    *("workers/test_job_models.py", "workers/test_logs.py", "workers/test_opening.py", "workers/test_paying.py"),
    *("workers/test_settings.py", "workers/test_tracing.py"),
    *("contracts/test_blobs.py", "contracts/test_calibrations.py", "contracts/test_journal.py"),
    *("contracts/test_playbook.py", "tools/measure/test_eprocess.py", "tools/measure/test_procedure.py"),
)
"""Those of their folders that do neither."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark these tests; `scripts/test` runs them one at a time, after the others."""
    alone, together = [HERE / folder for folder in ALONE], [HERE / folder for folder in TOGETHER]
    for item in items:
        if any(map(item.path.is_relative_to, alone)) and not any(map(item.path.is_relative_to, together)):
            item.add_marker(pytest.mark.alone)


@pytest.fixture(scope="session")
def docker_socket() -> Iterator[Path]:
    """A Docker engine's socket; skips where there can be no engine, unless one is required."""
    if reason := docker_engine.missing():
        docker_engine.give_up(reason)
    with docker_engine.engine() as socket:
        yield socket
