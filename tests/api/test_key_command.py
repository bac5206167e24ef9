"""`hasten key`: made once, listed without itself, gone at once."""

from pathlib import Path

import pytest

from api.cli.main import run
from storage.store import open_store
from storage.tenants import Scope


def test_a_key_is_printed_once_and_revoked_by_its_id(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["key", "make", "nightly", "--scope", "read", "--scope", "write"]) == 0
    key = capsys.readouterr().out.strip()
    with open_store(home) as store:
        caller = store.tenants.caller(key)
    assert caller is not None
    assert caller.scopes == {Scope.READ, Scope.WRITE}
    assert run(["key", "list"]) == 0
    listed = capsys.readouterr().out
    assert "nightly" in listed
    assert key not in listed
    assert run(["key", "revoke", caller.key_id]) == 0
    with open_store(home) as store:
        assert store.tenants.caller(key) is None
    assert run(["key", "revoke", "nosuchkey"]) == 2


def test_a_key_may_be_another_tenants(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["key", "make", "theirs", "--tenant", "acme"]) == 0
    with open_store(home) as store:
        caller = store.tenants.caller(capsys.readouterr().out.strip())
    assert caller is not None
    assert caller.tenant == "acme"
    assert run(["key", "list"]) == 0
    assert "theirs" not in capsys.readouterr().out
