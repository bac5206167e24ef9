"""The back-ends that the sandbox contract runs against."""

import pytest

from tools.sandbox.contract import Sandbox
from tools.sandbox.select import NAMES, open_sandbox


@pytest.fixture(params=NAMES, scope="module")
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """Each back-end in turn."""
    if request.param == "docker":
        return open_sandbox("docker", docker_socket=request.getfixturevalue("docker_socket"))
    return open_sandbox(request.param)
