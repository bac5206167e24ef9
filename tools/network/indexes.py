"""Which package indexes the user's settings name, with the credentials for each kept apart from its address."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

PYPI = "https://pypi.org/simple"
NAMED = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)=(?P<url>.*)$")
YES = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True, kw_only=True)
class Index:
    """One index, or one page of links."""

    url: str
    """Without user name and password; `file:` for a folder of this host."""
    name: str | None = None
    """As uv's settings call it."""
    authorization: str | None = field(default=None, repr=False)
    """The value of the header that its host wants; for this host alone."""

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this host."""
        return self.url.startswith("file:")


def indexes(index_env: Mapping[str, str]) -> tuple[Index, ...]:
    """The default index first, then the further ones; none where the settings say so."""
    if index_env.get("UV_NO_INDEX", "").lower() in YES:
        return ()
    words = [index_env.get("UV_DEFAULT_INDEX") or index_env.get("UV_INDEX_URL") or PYPI, *further_words(index_env)]
    return tuple(index_of(word, index_env) for word in dict.fromkeys(words))


def origin(url: str) -> tuple[str, str, int | None]:
    """The scheme, host and port of an address: a credential is for one of them and goes to no other."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    return parts.scheme, (parts.hostname or "").lower(), port or {"https": 443, "http": 80}.get(parts.scheme)


def further_words(index_env: Mapping[str, str]) -> list[str]:
    """Indexes beside the default one, as they are written in the settings."""
    return (index_env.get("UV_INDEX") or "").split() + (index_env.get("UV_EXTRA_INDEX_URL") or "").split()


def links_words(index_env: Mapping[str, str]) -> list[str]:
    """Folders and pages of files, as they are written in the settings."""
    return index_env.get("UV_FIND_LINKS", "").replace(",", " ").split()


def pages_of_links(index_env: Mapping[str, str]) -> tuple[Index, ...]:
    """Folders and pages of files; folders that are not there are left out."""
    found = (index_of(word, index_env) for word in links_words(index_env))
    return tuple(
        one
        for one in found
        if one.url.startswith(("http://", "https://"))
        or (one.is_local and Path(unquote(urlsplit(one.url).path)).is_dir())
    )


def index_of(word: str, index_env: Mapping[str, str]) -> Index:
    """One index as the settings write it: `URL`, a path, or either with `name=` before it."""
    named = NAMED.match(word)
    name = named["name"] if named else None
    address = named["url"] if named else word
    parts = urlsplit(address)
    if not parts.scheme:
        return Index(url=Path(address).absolute().as_uri(), name=name)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if name is not None and not user:
        prefix = "UV_INDEX_" + re.sub(r"[^A-Z0-9]", "_", name.upper())
        user, password = index_env.get(f"{prefix}_USERNAME", ""), index_env.get(f"{prefix}_PASSWORD", "")
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    if not (user or password):
        return Index(url=bare, name=name)
    words = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    return Index(url=bare, name=name, authorization=f"Basic {words}")
