"""`hasten migrate`: a step of a deployment, and what serves only checks that it was taken."""

from pathlib import Path

import pytest

from api.cli.main import run
from storage.migrate import HEAD
from storage.store import open_store
from tools.errors import UserError


def test_it_brings_the_database_up_to_date_and_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate"]) == 0
    assert capsys.readouterr().out == f"{home}/hasten.db went from nothing to revision {HEAD}\n"
    assert run(["migrate"]) == 0
    assert capsys.readouterr().out == f"{home}/hasten.db is at revision {HEAD}\n"
    assert run(["migrate", "--to", "0004"]) == 0
    assert capsys.readouterr().out == f"{home}/hasten.db went from {HEAD} to revision 0004\n"
    with pytest.raises(UserError, match="run `hasten migrate` first"):
        open_store(home, migrates=False)
    assert run(["migrate"]) == 0
    open_store(home, migrates=False).close()


@pytest.mark.parametrize("revision", ["0009", HEAD, "head"])
def test_it_goes_back_to_earlier_revisions_alone(revision: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate"]) == 0
    assert run(["migrate", "--to", revision]) == 2
    assert f"'{revision}' is no revision before {HEAD}" in capsys.readouterr().err


def test_a_worker_refuses_a_database_that_nobody_brought_up_to_date(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    monkeypatch.setenv("HASTEN_DATABASE_URL", f"sqlite:///{home}/service.db")
    assert run(["worker"]) == 1
    assert "is empty; run `hasten migrate` first" in capsys.readouterr().err
