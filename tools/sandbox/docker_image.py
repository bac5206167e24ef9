"""The image that every container is made from: mount points, links and an /etc that names nobody; a few kilobytes.

Programs and libraries are the host's own, mounted read-only, as in bubblewrap: an environment that was built in one
sandbox works in the other. So nothing is fetched from a registry and there is no distribution to keep up to date.
"""

import hashlib
import io
import tarfile
from functools import cache

from tools.sandbox.system import USER, etc_files, system_links

REPOSITORY = "hasten"
_FOLDERS = {"usr": 0o755, "etc": 0o755, "proc": 0o755, "sys": 0o555, "dev": 0o755, "tmp": 0o1777}
_BY_THE_ENGINE = {"hosts", "hostname", "resolv.conf"}


@cache
def archive() -> bytes:
    """The image's files; the same bytes on hosts that are laid out alike."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, mode in _FOLDERS.items():
            tar.addfile(_entry(name, tarfile.DIRTYPE, mode))
        for name, text in sorted(system_links().items()):
            link = _entry(name.lstrip("/"), tarfile.SYMTYPE, 0o777)
            link.linkname = text
            tar.addfile(link)
        for name, text in sorted(etc_files(user=USER, group=USER).items()):
            if name not in _BY_THE_ENGINE:
                file = _entry(f"etc/{name}", tarfile.REGTYPE, 0o644)
                file.size = len(text.encode())
                tar.addfile(file, io.BytesIO(text.encode()))
    return stream.getvalue()


def tag() -> str:
    """Tells one content from another."""
    return hashlib.sha256(archive()).hexdigest()[:16]


def _entry(name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = kind, mode
    return entry
