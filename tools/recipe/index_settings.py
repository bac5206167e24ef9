"""The user's package index settings, as uv takes them inside a build's sandbox."""

import os
import re
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tools.sandbox.contract import Mount

LINK = re.compile(r"""href=["']((?!\w+:|/|#)[^"'#?]+)""")
MOST_PAGES = 5000
CERTIFICATES = {"SSL_CERT_FILE": "/hasten/certificates.pem", "SSL_CERT_DIR": "/hasten/certificates"}

# What pip calls a setting, and what uv calls it.
TRANSLATED = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_TRUSTED_HOST": "UV_INSECURE_HOST",
    "PIP_CERT": "SSL_CERT_FILE",
}
PASSED = (
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_NO_INDEX"),
    *(
        "UV_INDEX_STRATEGY",
        "UV_INSECURE_HOST",
        "UV_NATIVE_TLS",
        "UV_SYSTEM_CERTS",
        "UV_HTTP_TIMEOUT",
        "UV_EXCLUDE_NEWER",
    ),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
)


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


def index_inside(settings: Mapping[str, str]) -> tuple[dict[str, str], tuple[Mount, ...]]:
    """The settings as they hold inside a sandbox, and the local files and folders they name, read-only.

    Certificates get a place of their own, for nothing can be mounted below a sandbox's /etc; indexes and folders of
    wheels stand where they stand on the host. With an index comes the folder beside it that its pages link to, and
    nothing else of what stands around it.
    """
    inside, mounts = dict(settings), []
    for name, place in CERTIFICATES.items():
        if name in settings and Path(settings[name]).exists():
            mounts.append(Mount(source=Path(settings[name]).resolve(), target=place))
            inside[name] = place
        else:
            inside.pop(name, None)
    paths = [_local(word) for word in settings.get("UV_FIND_LINKS", "").replace(",", " ").split()]
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL"):
        for word in settings.get(name, "").split():
            index = _local(word)
            paths += [index, *(_linked_folders(Path(index)) if index else ())]
    mounts += [
        Mount(source=Path(path).resolve(), target=path)
        for path in dict.fromkeys(paths)
        if path and Path(path).exists() and not path.startswith("/usr/")
    ]
    return inside, tuple(mounts)


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


def _local(word: str) -> str:
    """The path behind a `file:` URL or a plain path, named (`name=...`) or not; empty for anything else."""
    address = re.sub(r"^[A-Za-z0-9_.-]+=", "", word)
    if address.startswith("file:"):
        address = unquote(urlsplit(address).path)
    return os.path.normpath(address) if address.startswith("/") else ""
