"""What tests of several rooms share."""

from collections.abc import Iterator
from pathlib import Path

import docker_engine
import pytest


@pytest.fixture(scope="session")
def docker_socket() -> Iterator[Path]:
    """A Docker engine's socket; skips where there can be no engine, unless one is required."""
    if reason := docker_engine.missing():
        docker_engine.give_up(reason)
    with docker_engine.engine() as socket:
        yield socket
