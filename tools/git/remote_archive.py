"""Archives behind https, fetched from public hosts only and along no redirect."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from tools.errors import UserError
from tools.git.archive import MOST_ARCHIVE_BYTES
from tools.git.credentials import Credentials
from tools.git.paths import shown
from tools.git.source import RemoteArchive
from tools.network.address import checked_addresses
from tools.network.transfer import Transfer

CHUNK_BYTES = 1 << 20


def fetch_archive(
    source: RemoteArchive, folder: Path, transfer: Transfer, credentials: Credentials, *, private: bool
) -> Path:
    """The archive, below `folder` under its own name.

    Credentials are asked for only where the host wants them. Raises UserError where there is no such archive, or not
    the one whose hash was given; InfrastructureError where the host cannot be reached.
    """
    proxied = transfer.proxied(source.url)
    addresses = checked_addresses(source.host, source.port, private=private, proxied=proxied)
    address = addresses[0] if addresses else None
    file = folder / Path(urlsplit(source.url).path).name
    authorization, status = None, 0
    for _ in range(2):
        with transfer.get(source.url, name=source.url, address=address, authorization=authorization) as reply:
            status, target = reply.status, reply.headers.get("Location", "")
            if status == 200:
                with file.open("wb") as written:
                    reply.save(written, most_bytes=MOST_ARCHIVE_BYTES)
                check_digest(file, source.sha256)
                return file
        if status not in (401, 403, 404) or authorization is not None:
            break
        authorization = credentials.authorization(source)
        if authorization is None:
            break
    if 300 <= status < 400:
        raise UserError(f"{source.url} redirects to {shown(target[:300]) or 'nowhere'}, which is not followed.")
    if status in (401, 403, 404):
        raise UserError(credentials.refused(source, "archive", tried=authorization is not None), status=404)
    raise UserError(f"{source.url} answers with HTTP status {status} instead of an archive.", status=422)


def check_digest(file: Path, expected: str | None) -> str:
    """The SHA-256 of a file, in hexadecimal; raises UserError where it is not the expected one."""
    digest = hashlib.sha256()
    with file.open("rb") as read:
        while chunk := read.read(CHUNK_BYTES):
            digest.update(chunk)
    if expected is not None and digest.hexdigest() != expected:
        raise UserError(
            f"{file.name} has the SHA-256 {digest.hexdigest()}, not {expected} as was asked for.", status=422
        )
    return digest.hexdigest()
