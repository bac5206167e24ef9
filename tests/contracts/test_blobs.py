"""The contract of blobs, held by every place that they can be kept in."""

import hashlib
import itertools
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import fsspec
import pytest
import s3fs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.blobs import FileBlobs
from storage.guards import FileGuard
from storage.memory import MemoryBlobs
from storage.read_cache import ReadCache
from storage.remote_blobs import RENEWED_S, RemoteBlobs
from storage.stored import SHARDS, KeptBlobs, Stored
from tools.errors import InfrastructureError, UserError

PLACES = ("memory", "folder", "fsspec-memory", "fsspec-file", "s3")
ROUNDS = itertools.count()


def remote(url: str, folder: Path, cache: ReadCache | None = None) -> RemoteBlobs:
    return RemoteBlobs(url, FileGuard(folder / "guard"), cache, pause_s=0.001)


def url_of(place: str, folder: Path, request: pytest.FixtureRequest) -> str:
    if place == "s3":
        request.getfixturevalue("s3")
        return f"s3://blobs/{next(ROUNDS)}"
    return f"memory://contract-{next(ROUNDS)}" if place == "fsspec-memory" else f"file://{folder}/there"


@pytest.fixture(params=PLACES)
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> KeptBlobs:
    if request.param == "memory":
        return MemoryBlobs()
    if request.param == "folder":
        return FileBlobs(tmp_path / "blobs")
    return remote(url_of(request.param, tmp_path, request), tmp_path)


@pytest.fixture(params=["fsspec-memory", "fsspec-file", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return url_of(request.param, tmp_path, request)


def listed(blobs: KeptBlobs, *data: bytes) -> dict[str, Stored]:
    """All of a place; the shards of some data, where these are all that it holds."""
    shards = {hashlib.sha256(one).hexdigest()[:2] for one in data} or SHARDS
    return {one.digest: one for shard in shards for one in blobs.listing(shard)}


@pytest.mark.parametrize("data", [b"", b"x", bytes(range(256)) * 5000])
def test_what_was_put_is_read_back(blobs: KeptBlobs, data: bytes) -> None:
    digest = blobs.put(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert blobs.put(data) == digest
    assert blobs.get(digest) == data


@pytest.mark.parametrize("digest", ["0" * 64, "", "..", "../" + "0" * 61, "A" * 64])
def test_what_was_never_put_is_not_there(blobs: KeptBlobs, digest: str) -> None:
    blobs.put(b"another")
    with pytest.raises(KeyError):
        blobs.get(digest)


def test_what_is_kept_is_listed_with_its_size_and_age(blobs: KeptBlobs) -> None:
    before_s = time.time() - 2  # S3 tells whole seconds
    digests = {blobs.put(data): len(data) for data in (b"", b"one", b"three" * 10)}
    found = listed(blobs, b"", b"one", b"three" * 10)
    assert {one.digest: one.size_bytes for one in found.values()} == digests
    assert all(before_s <= one.stored_s <= time.time() + 1 for one in found.values())


def test_only_what_is_named_and_old_is_removed(blobs: KeptBlobs) -> None:
    digest, other = blobs.put(b"a"), blobs.put(b"b")
    assert list(blobs.remove([digest], time.time() - 60)) == []
    assert blobs.get(digest) == b"a"
    assert [one.digest for one in blobs.remove([digest], time.time() + 60)] == [digest]
    with pytest.raises(KeyError):
        blobs.get(digest)
    assert list(blobs.remove([digest], time.time() + 60)) == []
    assert set(listed(blobs, b"a", b"b")) == {other}
    assert blobs.put(b"a") == digest
    assert blobs.get(digest) == b"a"


def aged(path: Path) -> None:
    os.utime(path, (0, 0))


@pytest.mark.parametrize("kind", ["folder", "fsspec-file"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.sampled_from(["put", "remove", "age"]), min_size=1, max_size=12))
def test_a_blob_that_was_put_last_is_there(kind: str, order: list[str], tmp_path: Path) -> None:
    """Whatever came before, a put makes it young, and what is young is never removed."""
    folder = tmp_path / str(next(ROUNDS))
    blobs: KeptBlobs = FileBlobs(folder) if kind == "folder" else remote(f"file://{folder}", tmp_path)
    digest = hashlib.sha256(b"x").hexdigest()
    path = folder / digest[:2] / digest[2:]
    young = False
    for what in order:
        if what == "put":
            blobs.put(b"x")
            young = True
        elif what == "age" and path.exists():
            aged(path)
            young = False
        elif what == "remove":
            blobs.remove([digest], time.time() - RENEWED_S)
        if young:
            assert blobs.get(digest) == b"x"


def test_who_stores_while_the_same_is_removed_has_it_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faulty: RemoteBlobs
) -> None:
    """The collector has seen that a blob is old and is about to remove it; a round stores the same at that moment."""
    writers: list[threading.Thread] = []

    def while_a_round_stores(remove: Callable[..., None]) -> Callable[..., None]:
        def removal(*arguments: object, **more: object) -> None:
            if not writers:
                writers.append(threading.Thread(target=target.put, args=(b"x",)))
                writers[0].start()
                writers[0].join(0.3)  # it is over by then, unless it waits for the removal
            remove(*arguments, **more)

        return removal

    folder = FileBlobs(tmp_path / "blobs")
    monkeypatch.setattr("storage.remote_blobs.RENEWED_S", -5.0)  # everything that is there is old
    monkeypatch.setattr(Path, "unlink", while_a_round_stores(Path.unlink))
    monkeypatch.setattr(Faulty, "rm", while_a_round_stores(Faulty.rm))
    target: KeptBlobs
    for target in (folder, faulty):
        writers += [threading.Thread()]  # what follows is no removal
        digest = target.put(b"x")
        writers.clear()
        if target is folder:
            aged(tmp_path / "blobs" / digest[:2] / digest[2:])
        before_s = time.time() - 60 if target is folder else time.time() + 60
        assert len(target.remove([digest], before_s)) == 1
        writers[0].join()
        assert target.get(digest) == b"x"


def damage(url: str, digest: str) -> None:
    files, root = fsspec.url_to_fs(url)
    files.pipe_file(f"{root}/{digest[:2]}/{digest[2:]}", b"something else")


def test_a_damaged_blob_is_never_given(url: str, tmp_path: Path) -> None:
    blobs = remote(url, tmp_path)
    digest = blobs.put(b"whole")
    damage(url, digest)
    with pytest.raises(InfrastructureError, match="is damaged") as raised:
        blobs.get(digest)
    assert not raised.value.retryable


def test_an_old_blob_that_is_put_again_is_young(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = remote(url, tmp_path)
    digest = blobs.put(b"x")
    [first] = listed(blobs, b"x").values()
    monkeypatch.setattr("storage.remote_blobs.RENEWED_S", -5.0)
    time.sleep(1.1 if url.startswith("s3") else 0.01)  # S3 tells whole seconds
    blobs.put(b"x")
    [second] = listed(blobs, b"x").values()
    assert second.stored_s > first.stored_s
    assert blobs.get(digest) == b"x"


def test_nothing_but_blobs_is_left_behind(url: str, tmp_path: Path) -> None:
    blobs = remote(url, tmp_path)
    digest = blobs.put(b"x")
    files, root = fsspec.url_to_fs(url)
    assert [name.removeprefix(root) for name in files.find(root)] == [f"/{digest[:2]}/{digest[2:]}"]


class Faulty(fsspec.get_filesystem_class("memory")):  # type: ignore[misc]
    """A storage that fails a few times."""

    protocol = "faulty"
    failures: list[BaseException] = []  # noqa: RUF012
    calls = 0

    def _fail(self) -> None:
        type(self).calls += 1
        if self.failures:
            raise self.failures.pop()

    def pipe_file(self, path: str, value: bytes, **more: object) -> None:
        self._fail()
        super().pipe_file(path, value, **more)

    def cat_file(self, path: str, **more: object) -> bytes:
        self._fail()
        found: bytes = super().cat_file(path, **more)
        return found


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RemoteBlobs:
    fsspec.register_implementation("faulty", Faulty, clobber=True)
    monkeypatch.setattr(Faulty, "failures", [])
    monkeypatch.setattr(Faulty, "calls", 0)
    return remote(f"faulty://{next(ROUNDS)}", tmp_path)


def test_a_failure_that_passes_is_not_noticed(faulty: RemoteBlobs) -> None:
    Faulty.failures += [OSError(5, "slow down"), TimeoutError()]
    digest = faulty.put(b"x")
    Faulty.failures += [ConnectionResetError()]
    assert faulty.get(digest) == b"x"


@pytest.mark.parametrize(("error", "calls"), [(OSError(5, "down"), 4), (PermissionError(), 1)])
def test_a_failure_that_lasts_is_said(faulty: RemoteBlobs, error: OSError, calls: int) -> None:
    digest = faulty.put(b"x")
    Faulty.calls = 0
    Faulty.failures += [error] * 9
    with pytest.raises(InfrastructureError, match="faulty://") as raised:
        faulty.get(digest)
    assert raised.value.retryable is (calls > 1)
    assert Faulty.calls == calls


@pytest.mark.usefixtures("s3")
def test_a_storage_that_is_not_reached_may_be_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.remote_blobs.TRIES", 1)
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3fs.S3FileSystem.clear_instance_cache()
    blobs = remote("s3://elsewhere/x", tmp_path)
    for call in (lambda: blobs.put(b"x"), lambda: blobs.get("0" * 64), lambda: listed(blobs, b"x")):
        with pytest.raises(InfrastructureError, match="s3://elsewhere/x failed") as raised:
            call()
        assert raised.value.retryable
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.usefixtures("s3")
def test_a_bucket_that_is_not_there_is_no_missing_blob(tmp_path: Path) -> None:
    blobs = remote("s3://nobodys/x", tmp_path)
    for call in (lambda: blobs.put(b"x"), lambda: blobs.get("0" * 64)):
        with pytest.raises(InfrastructureError, match="not there"):
            call()


@pytest.mark.parametrize("url", ["nonsense://x", "s4://bucket"])
def test_a_url_that_nothing_opens_is_refused_at_once(url: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="HASTEN_BLOBS_URL"):
        remote(url, tmp_path)


def test_no_password_of_a_url_is_shown(tmp_path: Path) -> None:
    assert "secret" not in remote("memory://me:secret@host/x", tmp_path).name


def test_what_was_read_is_read_here_the_second_time(faulty: RemoteBlobs, tmp_path: Path) -> None:
    digest = faulty.put(b"x")
    cache = ReadCache(tmp_path / "cache")
    again = remote(faulty.name, tmp_path, cache)
    assert again.get(digest) == b"x"
    calls = Faulty.calls
    assert again.get(digest) == b"x"
    assert Faulty.calls == calls
    (tmp_path / "cache" / digest).write_bytes(b"y")  # a copy that is damaged is no copy
    assert again.get(digest) == b"x"
    again.remove([digest], time.time() + 60)
    with pytest.raises(KeyError):
        again.get(digest)


def test_copies_take_no_more_room_than_they_may(tmp_path: Path) -> None:
    cache = ReadCache(tmp_path, most_bytes=1000)
    digests = [hashlib.sha256(bytes([n] * 300)).hexdigest() for n in range(10)]
    for n, digest in enumerate(digests):
        cache.keep(digest, bytes([n] * 300))
    cache.prune()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1000
    assert any(cache.get(digest) for digest in digests)


def concurrently(call: Callable[[], object], count: int = 8) -> None:
    threads = [threading.Thread(target=call) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_put_the_same_at_once(blobs: KeptBlobs) -> None:
    concurrently(lambda: blobs.put(b"the same" * 1000))
    [one] = listed(blobs, b"the same" * 1000).values()
    assert blobs.get(one.digest) == b"the same" * 1000
