"""Large things on any storage that fsspec reaches, by the digest of their content."""

import hashlib
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from storage.guards import Guard
from storage.read_cache import ReadCache
from storage.stored import DIGEST, Stored, checked
from tools.errors import InfrastructureError, UserError

ATOMIC = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "memory"})
"""Protocols whose writes are whole or not there; elsewhere a blob is written beside its place and moved there."""
RENEWED_S = 3600.0
"""A blob that was put this long ago is put again where somebody needs it, so that it counts as new."""
TRIES = 4
_MOMENTS = ("LastModified", "mtime", "modified", "last_modified", "updated", "created")
"""What filesystems call the moment a file was last written, the best first."""
_T = TypeVar("_T")


class RemoteBlobs:
    """Blobs below a URL, fanned out by the first two digits of their SHA-256; never changed once written."""

    def __init__(self, url: str, guard: Guard, cache: ReadCache | None = None, *, pause_s: float = 0.2) -> None:
        """Nothing is reached before the first call; raises UserError for a URL that nothing here can open.

        `pause_s` is how long the first pause is before a call that failed is tried again.
        """
        self._url = url
        self._guard = guard
        self._cache = cache
        self._pause_s = pause_s
        self._opened: tuple[int, Any, str] | None = None
        self.name = shown(url)
        self._filesystem()

    def put(self, data: bytes) -> str:
        """Store; returns the digest (64 hexadecimal digits), the same for the same data; there when this returns.

        Raises InfrastructureError where the storage is not reached (retryable) or refuses.
        """
        digest = hashlib.sha256(data).hexdigest()
        found = self._stat(digest)
        if found is None:  # nothing that could be removed at the same time
            self._write(digest, data)
        elif time.time() - found.stored_s > RENEWED_S:
            with self._guard.storing():
                self._write(digest, data)
        if self._cache:
            self._cache.keep(digest, data)
        return digest

    def get(self, digest: str) -> bytes:
        """Read back; raises KeyError for a digest that was never put, InfrastructureError where it was damaged."""
        if not DIGEST.fullmatch(digest):
            raise KeyError(digest)
        if self._cache and (known := self._cache.get(digest)) is not None:
            return known
        data: bytes | None = self._call(lambda files, path: files.cat_file(path(digest)))
        if data is None:
            raise KeyError(digest)
        checked(data, digest, f"{self.name}/{digest}")
        if self._cache:
            self._cache.keep(digest, data)
        return data

    def listing(self, shard: str) -> Iterator[Stored]:
        """The blobs whose digests begin with these two digits; those whose age is not known are left out."""
        infos = self._call(lambda files, path: files.ls(path(shard), detail=True, refresh=True)) or ()
        for info in infos:
            digest = shard + str(info["name"]).rsplit("/", 1)[-1]
            if DIGEST.fullmatch(digest) and (stored := _stored(digest, info)):
                yield stored

    def remove(self, digests: Collection[str], before_s: float) -> Sequence[Stored]:
        """Remove those of one shard that were last put before a moment; which ones these were."""
        wanted = set(digests)
        if not wanted:
            return ()
        [shard] = {digest[:2] for digest in wanted}
        with self._guard.removing():
            leaving = [one for one in self.listing(shard) if one.digest in wanted and one.stored_s < before_s]
            if leaving:
                self._call(lambda files, path: files.rm([path(one.digest) for one in leaving]))
        if self._cache:
            self._cache.drop(one.digest for one in leaving)
        return leaving

    def _stat(self, digest: str) -> Stored | None:
        info = self._call(lambda files, path: files.info(path(digest)))
        if info is None:
            return None
        return _stored(digest, info) or Stored(digest=digest, size_bytes=0, stored_s=0.0)

    def _write(self, digest: str, data: bytes) -> None:
        def write(files: Any, path: Callable[[str], str]) -> bool:
            protocols = (files.protocol,) if isinstance(files.protocol, str) else files.protocol
            if not ATOMIC.isdisjoint(protocols):
                files.pipe_file(path(digest), data)
                return True
            beside = path(f"{digest}.{os.getpid()}-{os.urandom(4).hex()}")
            files.makedirs(path(digest[:2]), exist_ok=True)
            try:
                files.pipe_file(beside, data)
                files.mv(beside, path(digest))
            except BaseException:
                if files.exists(beside):
                    files.rm_file(beside)
                raise
            return True

        if self._call(write) is None:
            raise InfrastructureError(f"cannot store a blob in {self.name}: there is no such place")

    def _call(self, do: Callable[[Any, Callable[[str], str]], _T]) -> _T | None:
        """What a call gives; None where it is about something that is not there. A failure that may pass is retried."""
        trying = Retrying(
            retry=retry_if_exception(_may_pass),
            stop=stop_after_attempt(TRIES),
            wait=wait_random_exponential(multiplier=self._pause_s, max=5.0),
            reraise=True,
        )
        try:
            return trying(do, *self._filesystem())
        except FileNotFoundError as error:
            if _no_bucket(error):
                raise InfrastructureError(f"the blobs' storage {self.name} is not there: {error}") from error
            return None
        except _failures() as error:
            said = f"the blobs' storage {self.name} failed: {type(error).__name__}: {error}"
            raise InfrastructureError(said, retryable=_may_pass(error)) from error

    def _filesystem(self) -> tuple[Any, Callable[[str], str]]:
        """The filesystem of this process, and where a digest or a shard stands in it."""
        if self._opened is None or self._opened[0] != os.getpid():  # its threads do not survive a fork
            self._opened = (os.getpid(), *_open(self._url, self.name))
        _, files, root = self._opened

        def path(name: str) -> str:
            return f"{root}/{name[:2]}/{name[2:]}" if len(name) > 2 else f"{root}/{name}"

        return files, path


def _open(url: str, name: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs  # noqa: PLC0415 - only where blobs are not in a folder

    try:
        files, root = url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        raise UserError(f"HASTEN_BLOBS_URL {name} needs a package that is not installed: {error}") from error
    except ValueError as error:
        raise UserError(f"HASTEN_BLOBS_URL {name} cannot be used: {error}") from error
    return files, root.rstrip("/")


def shown(url: str) -> str:
    """A URL for people: without what may be a password."""
    protocol, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{protocol}://{host.rpartition('@')[2]}{slash}{path}".rstrip("/")


def _stored(digest: str, info: dict[str, Any]) -> Stored | None:
    for name in _MOMENTS:
        moment = info.get(name)
        if isinstance(moment, datetime):
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        if isinstance(moment, int | float):
            return Stored(digest=digest, size_bytes=int(info.get("size") or 0), stored_s=float(moment))
    return None


def _failures() -> tuple[type[BaseException], ...]:
    """What filesystems raise where they do not reach their storage; some have errors of their own library."""
    failures: list[type[BaseException]] = [OSError]
    if library := sys.modules.get("botocore.exceptions"):
        failures += [library.BotoCoreError, library.ClientError]
    if library := sys.modules.get("aiohttp"):
        failures.append(library.ClientError)
    return tuple(failures)


def _may_pass(error: BaseException) -> bool:
    """Whether it is a failure that trying again may mend."""
    lasting: list[type[BaseException]] = [FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError]
    if library := sys.modules.get("botocore.exceptions"):
        lasting += [library.NoCredentialsError, library.ParamValidationError]
    return isinstance(error, _failures()) and not isinstance(error, tuple(lasting))


def _no_bucket(error: BaseException) -> bool:
    answer = getattr(error.__cause__, "response", None) or {}
    return bool(answer.get("Error", {}).get("Code") == "NoSuchBucket")
