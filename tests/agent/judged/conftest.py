"""One project, prepared once for every test of this folder that judges it."""

import pytest
from asked_once import asking_once
from parcels import Court, open_court, write_project

from agent.evaluate import Cascade
from workers.settings import read_settings


@pytest.fixture(scope="session")
def court(tmp_path_factory: pytest.TempPathFactory) -> Court:
    folder = tmp_path_factory.mktemp("judged")
    index_env = dict(read_settings().index_environment())
    return open_court(write_project(folder / "project"), folder / "home", index_env)


@pytest.fixture(scope="module")
def cascade() -> Cascade:
    """For strategies that propose the same edits one after the other."""
    return asking_once()
