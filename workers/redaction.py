"""What is hidden in everything that this process writes: whatever it was told in confidence."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from tools.redaction import Redactor
from workers.settings import Settings


def redactor_of(settings: Settings) -> Redactor:
    """What hides everything that this process was told in confidence."""
    return Redactor(_secrets(settings))


def _secrets(settings: Settings) -> Iterator[str]:
    own = (getattr(settings, name) for name in type(settings).model_fields)
    for secret in (*own, *settings.other_secrets()):
        if isinstance(secret, SecretStr):
            yield from _parts(secret.get_secret_value())


def _parts(secret: str) -> Iterator[str]:
    """Of a URL what must not be seen of it, else the whole of it."""
    if "://" not in secret:
        yield secret
        yield from re.split(r"[,\s]+", secret)  # several keys in one setting
        return
    try:
        parts = urlsplit(secret)
        held = (parts.password, parts.query)
    except ValueError:
        yield secret
        return
    yield from (form for one in held if one for form in (one, unquote(one)))
