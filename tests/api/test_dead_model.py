"""A model that cannot be asked any more ends the job with a sentence, and the job goes on when it can."""

from pathlib import Path

import pytest
from checkout import last_job, status_of
from scripted import Script

from agent.models.failure import ModelFailed
from agent.protocols import JobStatus
from api.cli.main import run

DEAD = "openai:local at 127.0.0.1:8000 cannot be reached after 6 tries; start its server"


def test_a_dead_endpoint_leaves_a_job_that_goes_on(repo: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["optimize", str(repo)], Script(problem=ModelFailed(DEAD)).runners()) == 1
    job, err = last_job(home), capsys.readouterr().err
    assert DEAD in err
    assert "Traceback" not in err
    assert status_of(home, job) is JobStatus.FAILED
    assert run(["optimize", "--resume", job], Script().runners()) == 0
