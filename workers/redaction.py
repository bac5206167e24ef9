"""What is hidden in everything that this process writes: whatever it was told in confidence."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from tools.errors import UserError
from tools.redaction import Redactor
from workers.settings import Settings


def redactor_of(settings: Settings, further: Iterable[SecretStr] = ()) -> Redactor:
    """What hides everything that this process was told in confidence, and a job's own secrets beside it."""
    given = (form for one in further for form in _parts(one.get_secret_value()))
    return Redactor([*_secrets(settings), *given])


def _secrets(settings: Settings) -> Iterator[str]:
    own = (getattr(settings, name) for name in type(settings).model_fields)
    for secret in (*own, *settings.other_secrets()):
        if isinstance(secret, SecretStr):
            yield from _parts(secret.get_secret_value())
    with suppress(UserError):  # a broken configuration file, of which whoever builds will hear
        for value in settings.index_environment().values():
            yield from (form for word in re.split(r"[,\s]+", value) if "://" in word for form in _parts(word))


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
