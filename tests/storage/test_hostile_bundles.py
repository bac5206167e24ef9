"""An archive that anybody may have made is believed in nothing."""

import contextlib
import gzip
import io
import json
import tarfile
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from bundles import blobs, export, fill, pack, resealed, rows, unpack
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ready_home import ready

from storage.bundle.form import Caps
from storage.store import Store, open_store
from tools.errors import UserError

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def cut(data: bytes) -> io.BytesIO:
    return io.BytesIO(data[: len(data) * 2 // 3])


def flipped(data: bytes) -> io.BytesIO:
    middle = len(data) // 2
    return io.BytesIO(data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :])


def edited(name: str, edit: Callable[[bytes], bytes], *, seal: bool = True) -> Callable[[bytes], io.BytesIO]:
    def make(data: bytes) -> io.BytesIO:
        members = unpack(data)
        changed = {**members, name: edit(members[name])}
        return resealed(changed) if seal else pack(changed)

    return make


def column(name: str, value: object) -> Callable[[bytes], bytes]:
    def edit(data: bytes) -> bytes:
        first, *rest = data.splitlines(keepends=True)
        return json.dumps({**json.loads(first), name: value}).encode() + b"\n" + b"".join(rest)

    return edit


def beside(name: str, data: bytes = b"x") -> Callable[[bytes], io.BytesIO]:
    return lambda archive: pack({**dict(list(unpack(archive).items())[:2]), name: data})


def link(data: bytes) -> io.BytesIO:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in unpack(data).items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        member = tarfile.TarInfo("blobs/" + "0" * 64)
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)
    out.seek(0)
    return out


def speedup(**values: object) -> Callable[[bytes], bytes]:
    return column("speedup", {"point": 1.5, "low": 1.4, "high": 1.6, "level": 0.95, "pairs": 15, **values})


def deep(levels: int) -> object:
    inner: object = []
    for _ in range(levels):
        inner = [inner]
    return inner


def behind(members: dict[str, bytes], name: str) -> dict[str, bytes]:
    return {**{one: data for one, data in members.items() if one != name}, name: members[name]}


BAD: dict[str, tuple[Callable[[bytes], io.BytesIO], str]] = {
    "empty": (lambda _: io.BytesIO(), "ends too early"),
    "text": (lambda _: io.BytesIO(b"my diary"), "not gzipped"),
    "another gzip": (lambda _: io.BytesIO(gzip.compress(b"my diary" * 1000)), "no tar of Hasten's"),
    "cut off": (cut, "damaged"),
    "a flipped bit": (flipped, "damaged"),
    "no manifest": (lambda data: pack({k: v for k, v in unpack(data).items() if k != "manifest.json"}), "too early"),
    "no job": (lambda data: resealed({k: v for k, v in unpack(data).items() if k != "job.json"}), "no job"),
    "out of order": (lambda data: pack(list(reversed(unpack(data).items()))), "does not begin"),
    "twice": (lambda data: pack([*unpack(data).items(), ("job.json", b"{}")]), "comes twice"),
    "more after its end": (lambda data: pack([*unpack(data).items(), ("steps/000009.jsonl", b"")]), "follows its end"),
    "a path out": (beside("../../etc/cron.d/x"), "no export writes"),
    "an absolute path": (beside("/etc/passwd"), "no export writes"),
    "a path below blobs": (beside("blobs/../x"), "no export writes"),
    "a link": (link, "no export writes"),
    "a blob under another name": (beside("blobs/" + "0" * 64), "not what its name says"),
    "changed without a seal": (edited("job.json", column("detail", "better"), seal=False), "its list says"),
    "newer": (edited("hasten-export.json", column("format", 2)), "newer format 2; upgrade Hasten"),
    "no JSON": (edited("steps/000001.jsonl", lambda _: b"{"), "no JSON"),
    "deep JSON": (edited("steps/000001.jsonl", lambda _: b"[" * 100_000), "no JSON"),
    "no object": (edited("steps/000001.jsonl", lambda _: b"[]"), "no JSON object"),
    "an unknown kind": (edited("steps/000001.jsonl", column("kind", "spell")), "cannot be read"),
    "a huge number": (edited("steps/000001.jsonl", column("number", 2**40)), "steps.number cannot be"),
    "a boolean number": (edited("steps/000001.jsonl", column("number", True)), "steps.number cannot be"),
    "no title": (edited("steps/000001.jsonl", column("title", None)), "steps.title cannot be"),
    "a moment": (edited("steps/000001.jsonl", column("at", "yesterday")), "no moment"),
    "a moment without a zone": (edited("steps/000001.jsonl", column("at", "2026-01-01T00:00:00")), "time zone"),
    "another column": (edited("steps/000001.jsonl", column("job_id", "b1")), "other columns"),
    "data that is none": (edited("steps/000001.jsonl", column("data", [])), "cannot be read"),
    "an unknown outcome": (edited("verdicts/000001.jsonl", column("outcome", "BEST")), "cannot be read"),
    "a verdict on nothing": (edited("verdicts/000001.jsonl", column("candidate", 9)), "cannot be read"),
    "unknown evidence": (edited("evidence/000001.jsonl", column("data", {"kind": "Oracle"})), "cannot be read"),
    "an origin": (edited("candidates/000001.jsonl", column("origin", "x")), "cannot be read"),
    "a directive of nobody": (edited("rounds/000001.jsonl", column("directive", {})), "cannot be read"),
    "a review of no kind": (edited("reviews/000001.jsonl", column("kind", "x")), "cannot be read"),
    "parents that are none": (edited("candidates/000001.jsonl", column("parents", ["x"])), "cannot be read"),
    "caveats that are none": (edited("verdicts/000001.jsonl", column("caveats", [None])), "cannot be read"),
    "a speedup of words": (edited("verdicts/000001.jsonl", speedup(point="fast")), "cannot be read"),
    "a speedup beyond numbers": (edited("verdicts/000001.jsonl", speedup(point=10**400)), "cannot be read"),
    "evidence under another name": (edited("evidence/000001.jsonl", column("kind", "Timed")), "cannot be read"),
    "a step after the last one": (edited("steps/000001.jsonl", column("number", 900)), "cannot be read"),
    "data without a bottom": (edited("steps/000001.jsonl", column("data", {"x": deep(150)})), "nested too deep"),
    "a moment before all": (edited("steps/000001.jsonl", column("at", "0001-01-01T00:00:00+14:00")), "no moment"),
    "a job before all": (edited("job.json", column("created", "0001-01-01T00:00:00+14:00")), "no moment"),
    "a job of no kind": (edited("job.json", column("kind", "weird")), "cannot be read"),
    "a job behind its rows": (lambda data: resealed(behind(unpack(data), "job.json")), "no job before all else"),
    "a running job": (edited("job.json", column("status", "running")), "cannot be read"),
    "a job of nothing": (edited("job.json", column("request", {"source": 1})), "cannot be read"),
    "a report that is none": (edited("job.json", column("report", "../../x")), "cannot be read"),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    with open_store(ready(tmp_path_factory.mktemp("home"))) as store:
        fill(store)
        return export(store)


@pytest.fixture(scope="module")
def importer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(ready(tmp_path_factory.mktemp("importer"))) as store:
        yield store


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_export_is_refused_in_a_sentence(name: str, archive: bytes, importer: Store) -> None:
    make, says = BAD[name]
    with pytest.raises(UserError) as raised:
        importer.take_in(make(archive))
    assert says in str(raised.value)
    assert raised.value.status == 422
    assert (rows(importer), blobs(importer)) == (0, set())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 10_000), byte=st.integers(1, 255), name=st.booleans())
def test_any_changed_byte_is_noticed(position: int, byte: int, name: bool, archive: bytes, importer: Store) -> None:
    """In the file, or in the unpacked tar: never another job, never an error that is not ours."""
    plain = bytearray(archive if name else gzip.decompress(archive))
    at = position % (len(plain) - 1024)
    plain[at] ^= byte
    changed = bytes(plain) if name else gzip.compress(bytes(plain))
    with contextlib.suppress(UserError):  # anything else is a mistake of ours
        importer.take_in(io.BytesIO(changed), name="changed")
        assert unpack(export(importer, "changed"))["manifest.json"] == unpack(archive)["manifest.json"]


@pytest.mark.parametrize(
    ("caps", "make"),
    [
        (Caps(bytes=20_000), edited("steps/000001.jsonl", lambda _: b" " * 30_000)),
        (Caps(row_bytes=20_000), edited("steps/000001.jsonl", lambda _: b" " * 30_000)),
        (Caps(members=4), io.BytesIO),
        (Caps(rows=3), io.BytesIO),
    ],
)
def test_a_bomb_is_refused(caps: Caps, make: Callable[[bytes], io.BytesIO], archive: bytes, importer: Store) -> None:
    with pytest.raises(UserError, match="more") as raised:
        importer.take_in(make(archive), caps=caps)
    assert raised.value.status == 413


def test_a_large_bomb_takes_no_memory(archive: bytes, importer: Store) -> None:
    """A member that says it has gigabytes is refused by what it says."""
    header = tarfile.TarInfo("steps/000001.jsonl")
    header.size = 7 * 2**30
    head = unpack(archive)["hasten-export.json"]
    first = tarfile.TarInfo("hasten-export.json")
    first.size = len(head)
    start = first.tobuf(tarfile.USTAR_FORMAT) + head + bytes(-len(head) % 512) + header.tobuf(tarfile.USTAR_FORMAT)
    bomb = io.BytesIO(gzip.compress(start + bytes(50 * 2**20)))
    tracemalloc.start()
    with pytest.raises(UserError, match="unpacks to more"):
        importer.take_in(bomb)
    assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    tracemalloc.stop()
