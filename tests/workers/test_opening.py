"""The store of the service is opened, whatever its secrets were sealed with."""

from pathlib import Path

from pydantic import SecretStr

from storage.outbox import Event
from workers.opening import open_service
from workers.settings import Settings

OLD, NEW, LOST = "o" * 40, "n" * 40, "l" * 40


def keys(home: Path, *words: str) -> Settings:
    return Settings(home=home, secret_key=SecretStr(",".join(words)))


def test_a_key_is_changed_by_starting_with_both_and_then_with_the_new_one(tmp_path: Path) -> None:
    with open_service(keys(tmp_path, LOST)) as store:
        store.tenants.ensure("acme", "acme")
        store.credentials.put("acme", "git:github.com", SecretStr("ghs_lost"))
    with open_service(keys(tmp_path, OLD)) as store:
        hook, secret = store.webhooks.make("acme", "https://hooks.example/x", list(Event))
    open_service(keys(tmp_path, NEW, OLD)).close()
    with open_service(keys(tmp_path, NEW)) as store:
        store.webhooks.test("acme", hook.id)
        (outgoing,) = store.sending.take(1)
        assert store.sending.secret(outgoing) == secret
