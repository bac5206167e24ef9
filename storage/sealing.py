"""Secrets at rest: encrypted and authenticated, each bound to whose it is and what it is called.

AES-256-GCM (NIST SP 800-38D) with a random nonce. The key is derived by HKDF (RFC 5869) from the service's secret key.
A sealed text names the key it was sealed with, so that several can be in use while they are changed.
"""

import hashlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from tools.errors import InfrastructureError, UserError

LEAST_CHARACTERS = 32
FILE = "secret.key"
_VERSION = b"\x01"
_NAME_BYTES = 4
_NONCE_BYTES = 12
_REMEDY = "make one with `openssl rand -base64 32`"


class Sealer:
    """Seals with the first of its keys and opens with any of them."""

    def __init__(self, secret_keys: str | Callable[[], str]) -> None:
        """The keys stand in one text, with commas between them; a callable is asked when they are first needed."""
        self._source = secret_keys

    def seal(self, plain: bytes, *context: str) -> bytes:
        """The text encrypted; it opens under the same `context` only: whose it is and what it is called.

        Raises UserError for a key that is too short.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - not for every command

        name, key = next(iter(self._keys.items()))
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _VERSION + name + nonce + AESGCM(key).encrypt(nonce, plain, _bound(context))

    def open(self, sealed: bytes, *context: str) -> bytes:
        """The text as it was; raises InfrastructureError where no key of ours, or another context, sealed it."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        name, rest = sealed[1 : 1 + _NAME_BYTES], sealed[1 + _NAME_BYTES :]
        if not sealed.startswith(_VERSION) or len(rest) <= _NONCE_BYTES:
            raise InfrastructureError("a sealed secret is damaged")
        key = self._keys.get(name)
        if key is None:
            raise InfrastructureError(
                "a secret was sealed with another key than HASTEN_SECRET_KEY holds: add that key behind a comma, "
                "or have the credential given, or the webhook made, again"
            )
        try:
            return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], _bound(context))
        except InvalidTag as error:
            raise InfrastructureError("a sealed secret is damaged, or was moved from where it belongs") from error

    def is_current(self, sealed: bytes) -> bool:
        """Whether it was sealed with the first key, so that the others are not needed for it."""
        return sealed[1 : 1 + _NAME_BYTES] == next(iter(self._keys))

    @cached_property
    def _keys(self) -> Mapping[bytes, bytes]:
        """By the name that a sealed text has for them; the one that seals comes first."""
        text = self._source if isinstance(self._source, str) else self._source()
        words = [word for word in re.split(r"[,\s]+", text) if word]
        if not words or min(map(len, words)) < LEAST_CHARACTERS:
            raise UserError(f"HASTEN_SECRET_KEY must have {LEAST_CHARACTERS} characters or more: {_REMEDY}", status=422)
        return {hashlib.sha256(b"name" + word.encode()).digest()[:_NAME_BYTES]: _derived(word) for word in words}


def kept_key(home: Path) -> str:
    """The secret key that a file of the home holds, made where there is none.

    Raises UserError where others may read it, or where it cannot be read or made.
    """
    file = home / FILE
    try:
        _make(file)
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
        with open(descriptor, encoding="ascii") as read:
            if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
                raise UserError(f"{file} may be read by others than its owner: `chmod 600 {file}`", status=422)
            return read.read()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"{file} cannot be used as the secret key ({error}); set HASTEN_SECRET_KEY", status=422
        ) from error


def _make(file: Path) -> None:
    """Whole or not at all: two processes may start at the same moment."""
    if file.exists():
        return
    part = file.with_name(f"{FILE}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="ascii") as written:
            written.write(secrets.token_urlsafe(32) + "\n")
            written.flush()
            os.fsync(descriptor)
        try:
            os.link(part, file)
        except FileExistsError:
            return  # the other one was first
    finally:
        part.unlink()


def _derived(word: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"hasten sealed secrets").derive(word.encode())


def _bound(context: tuple[str, ...]) -> bytes:
    """Each part with its length, so that no two contexts look the same."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in (one.encode() for one in context))
