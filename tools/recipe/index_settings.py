"""The user's package index settings, as uv and pip take them inside a build's sandbox."""

import os
import re
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tools.network.indexes import Index, further_words, index_of, indexes, links_words
from tools.sandbox.contract import Mount

LINK = re.compile(r"""href=["']((?!\w+:|/|#)[^"'#?]+)""")
MOST_PAGES = 5000
HERE = "http://127.0.0.1:@PORT@"
"""The relay of a build, which knows its port once it listens."""

# What pip calls a setting, and what uv calls it.
TRANSLATED = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_TRUSTED_HOST": "UV_INSECURE_HOST",
    "PIP_CERT": "SSL_CERT_FILE",
}
INDEXES = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_NO_INDEX")
WAYS = ("UV_INDEX_STRATEGY", "UV_HTTP_TIMEOUT", "UV_HTTP_RETRIES", "UV_EXCLUDE_NEWER")
"""How uv is to ask: these hold inside a build as they are."""
OUTSIDE = (
    *("UV_INSECURE_HOST", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
)
"""How an index is reached: nothing of it is seen by a build."""
PASSED = (*INDEXES, *WAYS, *OUTSIDE)


def index_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that says where packages come from; uv's own names win over pip's."""
    found = {ours: environ[theirs] for theirs, ours in TRANSLATED.items() if environ.get(theirs)}
    if "UV_INDEX_URL" in environ:
        found.pop("UV_DEFAULT_INDEX", None)
    if "UV_FIND_LINKS" in found:
        found["UV_FIND_LINKS"] = ",".join(found["UV_FIND_LINKS"].split())
    if "UV_INDEX" in found:
        # pip takes the best version of all its indexes; uv would stop at the first that knows the package.
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return found | {name: environ[name] for name in PASSED if environ.get(name)}


def index_inside(
    settings: Mapping[str, str], path_of: Callable[[Index], str]
) -> tuple[dict[str, str], tuple[Mount, ...]]:
    """The settings as they hold inside a sandbox, and the local files and folders they name, read-only.

    An index of a host becomes an address of the proxy, where `path_of` says it stands. Indexes and folders of wheels of
    this host stand where they stand on the host. With such an index comes the folder beside it that its pages link to,
    and nothing else of what stands around it.
    """
    inside = {name: settings[name] for name in WAYS if name in settings}
    mounts = list[Path]()

    def led(word: str) -> str:
        place = index_of(word, settings)
        if not place.is_local:
            address = HERE + path_of(place)
            return f"{place.name}={address}" if place.name else address
        path = Path(os.path.normpath(unquote(urlsplit(place.url).path)))
        mounts.extend((path, *map(Path, sorted(_linked_folders(path)))))
        return word

    if indexes(settings):
        default = settings.get("UV_DEFAULT_INDEX") or settings.get("UV_INDEX_URL") or ""
        first = indexes(settings)[0]
        inside["UV_DEFAULT_INDEX"] = led(default) if default else HERE + path_of(first)
        if further := [led(word) for word in further_words(settings)]:
            inside["UV_INDEX"] = " ".join(further)
    else:
        inside["UV_NO_INDEX"] = "1"
    if links := [led(word) for word in links_words(settings)]:
        inside["UV_FIND_LINKS"] = ",".join(links)
    shown = [
        Mount(source=path.resolve(), target=str(path))
        for path in dict.fromkeys(mounts)
        if path.exists() and not path.is_relative_to("/usr")
    ]
    return inside | _for_pip(inside) | _PROXIES, tuple(shown)


_PROXIES = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), HERE)
"""So that whoever asks for another place is told no at once, and it is written down what was asked for."""
_PROXIES |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


def _for_pip(inside: Mapping[str, str]) -> dict[str, str]:
    """The same for pip, which setuptools starts for what `setup_requires` names."""
    found = {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if "UV_NO_INDEX" in inside:
        found["PIP_NO_INDEX"] = "1"
    else:
        found["PIP_INDEX_URL"] = _bare(inside["UV_DEFAULT_INDEX"])
        if "UV_INDEX" in inside:
            found["PIP_EXTRA_INDEX_URL"] = " ".join(map(_bare, inside["UV_INDEX"].split()))
    if "UV_FIND_LINKS" in inside:
        found["PIP_FIND_LINKS"] = inside["UV_FIND_LINKS"].replace(",", " ")
    return found


def _bare(word: str) -> str:
    """An address without the name that uv's settings give it."""
    return re.sub(r"^[A-Za-z0-9_.-]+=", "", word)


def _linked_folders(index: Path) -> set[str]:
    """Folders beside an index in which the files stand that its pages link to (`../../files/x.whl`)."""
    folders = set()
    for page in islice(index.glob("*/index.html"), MOST_PAGES):
        for link in LINK.findall(page.read_text(encoding="utf-8", errors="replace")):
            target = Path(os.path.normpath(page.parent / unquote(link)))
            # Only a neighbour of the index: a link further off could show any folder of the host to a setup script.
            if target.is_relative_to(index.parent) and not target.is_relative_to(index):
                folders.add(str(index.parent / target.relative_to(index.parent).parts[0]))
    return folders
