"""Takes secrets out of text before it is written anywhere: those that are known, and all that look like one."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from pydantic import SecretStr

from agent.models.access import HIDDEN, LEAST_SECRET_CHARACTERS
from workers.settings import Settings

PATTERNS = re.compile(
    r"\bhst_[\w-]{8,}"  # our own keys
    r"|\bwhsec_[\w+/=-]{8,}"  # secrets of webhooks
    r"|\b(?:gh[a-z]_|github_pat_|gl[a-z]{2,6}-)[\w.-]{10,}"  # also those with dots, of any length
    r"|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"  # JSON web tokens
    r"|\bA(?:KIA|SIA)[A-Z0-9]{12,}"
    r"|\b(?:sk|pk|rk|gsk|xai|hf|lsv2|nvapi|pplx|r8)[-_][-\w.]{12,}"
    r"|\bAIza[-\w]{20,}"
    r"|(?<=://)[^/@\s\"']+(?=@)"  # user names and passwords of URLs
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
NAMED = re.compile(
    r"""(?ix)
    ( authorization ["']? \s* [:=] \s* ["']? (?:[a-z]+ \s+)?   # a header, with its scheme
    | \b (?:bearer|basic) \s+                                  # its value alone
    | [?&;] [\w-]* (?:token|key|secret|password|passwd|signature|sig|code|credential) [\w-]* =    # of a query
    | \b (?:password|passwd|pwd) ["']? \s* [:=] \s* ["']?
    )
    ( [^\s"'&;,]{4,} )
    """
)


class Redactor:
    """Hides secrets in text and in values made of text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """`secrets` are hidden wherever they stand, also as they are written in URLs."""
        known = {form for one in secrets for form in (one, quote(one, safe="")) if len(one) >= LEAST_SECRET_CHARACTERS}
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def text(self, text: str) -> str:
        """The text without anything that is a secret or looks like one."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        return NAMED.sub(rf"\1{HIDDEN}", PATTERNS.sub(HIDDEN, text))

    def value(self, value: Any) -> Any:
        """The same for what is made of texts."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {str(name): self.value(one) for name, one in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(one) for one in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        return self.text(str(value))


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
