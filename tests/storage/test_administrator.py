"""The key that a service begins with."""

from pathlib import Path

import pytest

from storage.administrator import first_key
from storage.store import Store, open_store
from storage.tenants import MAIN, Scope
from tools.errors import UserError

GIVEN, NEXT = "given-by-the-operator-1", "given-by-the-operator-2"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "home")


def test_the_first_start_makes_a_key_and_no_later_one_does(store: Store) -> None:
    made = first_key(store.database, None)
    assert made is not None
    caller = store.tenants.caller(made)
    assert caller is not None
    assert (caller.tenant, caller.scopes) == (MAIN, frozenset(Scope))
    assert first_key(store.database, None) is None


def test_a_key_that_is_given_holds_and_is_not_shown(store: Store) -> None:
    assert first_key(store.database, GIVEN) is None
    assert first_key(store.database, GIVEN) is None
    assert first_key(store.database, None) is None
    caller = store.tenants.caller(GIVEN)
    assert caller is not None
    assert caller.scopes == frozenset(Scope)


def test_another_key_takes_the_place_of_the_one_given_before_for_good(store: Store) -> None:
    made = first_key(store.database, None)
    assert made is not None
    first_key(store.database, GIVEN)
    first_key(store.database, NEXT)
    assert store.tenants.caller(GIVEN) is None
    assert store.tenants.caller(NEXT) is not None
    assert store.tenants.caller(made) is not None, "it was not given but made"
    with pytest.raises(UserError, match="was revoked"):
        first_key(store.database, GIVEN)


def test_a_key_that_was_rotated_does_not_start_a_service_that_nobody_gets_into(store: Store) -> None:
    first_key(store.database, GIVEN)
    [key] = store.tenants.keys(MAIN)
    store.tenants.rotate(MAIN, key.id, 3600.0)
    assert first_key(store.database, GIVEN) is None, "it still holds"
    store.tenants.rotate(MAIN, key.id, 0.0)
    assert store.tenants.caller(GIVEN) is None
    with pytest.raises(UserError, match="has expired, as one that was rotated does: it holds no more; set another one"):
        first_key(store.database, GIVEN)


def test_a_key_that_could_be_guessed_is_refused(store: Store) -> None:
    with pytest.raises(UserError, match="too short"):
        first_key(store.database, "short")
