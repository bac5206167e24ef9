"""Takes secrets out of text before anybody reads it: those that are known, and all that look like one."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

HIDDEN = "[hidden]"
LEAST_SECRET_CHARACTERS = 6
"""Shorter ones are no secrets, and would be found inside ordinary words."""
PATTERNS = re.compile(
    r"\bhst_[\w-]{8,}"  # our own keys
    r"|\bwhsec_[\w+/=-]{8,}"  # secrets of webhooks
    r"|\b(?:gh[a-z]_|github_pat_|gl[a-z]{2,6}-)[\w.-]{10,}"  # also those with dots, of any length
    r"|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"  # JSON web tokens
    r"|\bA(?:KIA|SIA)[A-Z0-9]{12,}"
    r"|\b(?:sk|pk|rk|gsk|xai|hf|lsv2|nvapi|pplx|r8)[-_][-\w.*]{12,}"  # also as endpoints show them, with stars
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
        return NAMED.sub(rf"\1{HIDDEN}", PATTERNS.sub(HIDDEN, self.known(text)))

    def known(self, text: str) -> str:
        """The text without what is known to be a secret; what merely looks like one, as code may, stays."""
        return self._known.sub(HIDDEN, text) if self._known is not None else text

    def value(self, value: Any) -> Any:
        """As `text`, for what is made of texts."""
        return _mapped(value, self.text)

    def known_value(self, value: Any) -> Any:
        """As `known`, for what is made of texts."""
        return _mapped(value, self.known)


def _mapped(value: Any, hide: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, Mapping):
        return {str(name): _mapped(one, hide) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_mapped(one, hide) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return hide(str(value))
