"""What opens the providers' doors, and how it stays out of every text that somebody may read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import SecretStr

from tools.errors import UserError
from tools.network.address import check_url
from tools.redaction import LEAST_SECRET_CHARACTERS, Redactor

LEAST_TOKEN_CHARACTERS = 16
"""Parts of an address's path from this length on may be a key: some gateways want it there."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """Keys and addresses; those of other providers are read by langchain itself, and only known here to be hidden."""

    openai_key: SecretStr | None = None
    openai_base_url: SecretStr | None = None
    others: tuple[SecretStr, ...] = field(default=(), repr=False)
    keys: Mapping[str, SecretStr] = field(default_factory=dict, repr=False)
    """Of further providers, by name, in place of what this process has for them."""
    guarded: bool = False
    """The address was named by a stranger: it must be https and lead to public hosts, by no redirect and no proxy."""

    def __post_init__(self) -> None:
        """Raises UserError where the address is none."""
        if self.openai_base_url is None:
            return
        if self.guarded:
            check_url(self.openai_base_url.get_secret_value(), "The address of url:openai")
        try:
            parts = urlsplit(self.openai_base_url.get_secret_value())
            well = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            well = False
        if not well:
            raise UserError("OPENAI_BASE_URL is no address; write http://HOST:PORT/v1 or https://HOST/v1")

    @property
    def openai_host(self) -> str:
        """Host and port of the address; empty for OpenAI's own."""
        if self.openai_base_url is None:
            return ""
        parts = urlsplit(self.openai_base_url.get_secret_value())
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    def hide(self, text: str) -> str:
        """The text without anything that is a key, or looks like one."""
        return Redactor(self._secrets()).text(text)

    def _secrets(self) -> Iterator[str]:
        for one in (self.openai_key, *self.others, *self.keys.values()):
            if one is not None and len(one.get_secret_value()) >= LEAST_SECRET_CHARACTERS:
                yield one.get_secret_value()
        if self.openai_base_url is not None:
            parts = urlsplit(self.openai_base_url.get_secret_value())
            yield from (part for part in (parts.username, parts.password, parts.query) if part and len(part) > 3)
            yield from (part for part in parts.path.split("/") if len(part) >= LEAST_TOKEN_CHARACTERS)
