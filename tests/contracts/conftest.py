"""The back-ends that the sandbox contract runs against, and an S3."""

from collections.abc import Iterator

import pytest
from s3_server import S3, s3_server

from tools.sandbox.contract import Sandbox
from tools.sandbox.select import NAMES, open_sandbox


@pytest.fixture(params=NAMES, scope="module")
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """Each back-end in turn."""
    if request.param == "docker":
        return open_sandbox("docker", docker_socket=request.getfixturevalue("docker_socket"))
    return open_sandbox(request.param)


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """An S3 with an empty bucket."""
    with s3_server() as server:
        yield server
