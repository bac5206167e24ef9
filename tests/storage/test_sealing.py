"""Secrets at rest: unreadable without the key, useless anywhere but in their own place, and keys can be changed."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing import Sealer, kept_key
from tools.errors import InfrastructureError, UserError

OLD, NEW = "old-" + "a" * 40, "new-" + "b" * 40


@given(st.binary(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_what_is_sealed_opens_in_its_own_place(plain: bytes, context: list[str]) -> None:
    sealer = Sealer(OLD)
    sealed = sealer.seal(plain, *context)
    assert sealer.open(sealed, *context) == plain
    assert len(plain) < 8 or plain not in sealed
    with pytest.raises(InfrastructureError, match="moved"):
        sealer.open(sealed, *context, "more")


def test_a_sealed_secret_of_another_tenant_does_not_open() -> None:
    sealed = Sealer(OLD).seal(b"secret", "acme", "git:github.com")
    for other in (("bert", "git:github.com"), ("acme", "git:evil.example"), ("acmeg", "it:github.com")):
        with pytest.raises(InfrastructureError, match="moved"):
            Sealer(OLD).open(sealed, *other)


def test_every_changed_byte_is_noticed() -> None:
    sealer = Sealer(OLD)
    sealed = sealer.seal(b"secret", "acme")
    for at in range(len(sealed)):
        spoilt = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(InfrastructureError):
            sealer.open(spoilt, "acme")
    with pytest.raises(InfrastructureError, match="damaged"):
        sealer.open(sealed[:10], "acme")


def test_the_same_secret_never_looks_the_same() -> None:
    sealer = Sealer(OLD)
    assert sealer.seal(b"secret", "acme") != sealer.seal(b"secret", "acme")


def test_keys_can_be_changed() -> None:
    sealed = Sealer(OLD).seal(b"secret", "acme")
    both = Sealer(f"{NEW},{OLD}")
    assert both.open(sealed, "acme") == b"secret"
    assert not both.is_current(sealed)
    assert Sealer(NEW).open(both.seal(b"secret", "acme"), "acme") == b"secret"
    with pytest.raises(InfrastructureError, match="another key than HASTEN_SECRET_KEY holds") as caught:
        Sealer(NEW).open(sealed, "acme")
    assert OLD not in str(caught.value)


def test_a_short_key_is_refused_without_being_shown() -> None:
    with pytest.raises(UserError, match="32 characters") as caught:
        Sealer(f"{OLD},short1").seal(b"secret")
    assert "short1" not in str(caught.value)


def test_a_home_keeps_a_key_of_its_own_that_nobody_else_may_read(tmp_path: Path) -> None:
    key = kept_key(tmp_path)
    file = tmp_path / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept_key(tmp_path) == key
    assert [one.name for one in tmp_path.iterdir()] == ["secret.key"]
    file.chmod(0o644)
    with pytest.raises(UserError, match="chmod 600"):
        kept_key(tmp_path)


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: kept_key(tmp_path), range(8)))
    assert len(keys) == 1


def test_a_key_file_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("x" * 40)
    (tmp_path / "elsewhere").chmod(0o600)
    (tmp_path / "secret.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="HASTEN_SECRET_KEY"):
        kept_key(tmp_path)
