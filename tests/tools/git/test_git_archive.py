"""Archives as sources: what is laid out of them, and what is refused."""

import gzip
import io
import os
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from git_https_server import CERTIFICATE, PRIVATE, serving

from tools.errors import UserError
from tools.git.archive import unpack_archive
from tools.git.listing import TreeLimits
from tools.git.snapshot import Snapshot
from tools.git.take import take_snapshot

FILES = {"pkg-1.0/pyproject.toml": '[project]\nname = "pkg"\nversion = "1.0"\n', "pkg-1.0/src/pkg.py": "A = 1\n"}
TRUST = {"GIT_SSL_CAINFO": str(CERTIFICATE), "GIT_SSL_CAPATH": "/nonexistent"}


def packed(path: Path, files: dict[str, str], *, change: Callable[[tarfile.TarFile], None] | None = None) -> Path:
    """An archive of these files; `change` adds what an honest tool would not."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
            for name, text in files.items():
                zipped.writestr(name, text)
        return path
    kind = {".gz": "gz", ".tgz": "gz", ".xz": "xz", ".bz2": "bz2"}.get(path.suffix, "")
    with tarfile.open(path, f"w:{kind}") as tar:  # type: ignore[call-overload]
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
        if change is not None:
            change(tar)
    return path


def take(source: Path | str, home: Path, **options: object) -> Snapshot:
    return take_snapshot(str(source), home=home, **options)  # type: ignore[arg-type]


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> Callable[[tarfile.TarFile], None]:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return lambda tar: tar.addfile(entry)


def folder(name: str, *, size: int = 0) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.size = tarfile.DIRTYPE, size
    return entry


@pytest.mark.parametrize("suffix", [".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".tar", ".zip"])
def test_every_kind_is_laid_out_alike_and_its_hash_is_named(suffix: str, home: Path, tmp_path: Path) -> None:
    snapshot = take(packed(tmp_path / f"pkg{suffix}", FILES), home)
    assert (snapshot.tree / "src" / "pkg.py").read_text() == "A = 1\n"
    assert snapshot.version == "1.0"
    assert "SHA-256" in snapshot.notes[0]
    plain = tmp_path / "plain"
    (plain / "src").mkdir(parents=True)
    (plain / "pyproject.toml").write_text(FILES["pkg-1.0/pyproject.toml"])
    (plain / "src/pkg.py").write_text("A = 1\n")
    assert take(plain, home).commit == snapshot.commit, "the same files are the same code"


def test_an_archive_keeps_programs_links_inside_and_hard_links(home: Path, tmp_path: Path) -> None:
    def more(tar: tarfile.TarFile) -> None:
        program = tarfile.TarInfo("pkg-1.0/run.sh")
        program.mode = 0o755
        tar.addfile(program, io.BytesIO(b""))
        link("pkg-1.0/also.py", "src/pkg.py")(tar)
        link("pkg-1.0/again.py", "pkg-1.0/src/pkg.py", tarfile.LNKTYPE)(tar)

    tree = take(packed(tmp_path / "pkg.tar.gz", FILES, change=more), home).tree
    assert os.access(tree / "run.sh", os.X_OK)
    assert (tree / "also.py").is_symlink()
    assert (tree / "again.py").read_text() == "A = 1\n"
    assert not (tree / "again.py").is_symlink()


def test_a_subdirectory_is_below_the_only_top_folder(home: Path, tmp_path: Path) -> None:
    files = {"mono-main/packages/core/core.py": "", "mono-main/packages/web/web.py": ""}
    snapshot = take(packed(tmp_path / "mono.zip", files), home, subdirectory="packages/core")
    assert (snapshot.project / "core.py").is_file()
    with pytest.raises(UserError, match="no folder 'packages/cor'; did you mean packages/core"):
        take(tmp_path / "mono.zip", home, subdirectory="packages/cor")


def test_two_top_folders_need_a_subdirectory(home: Path, tmp_path: Path) -> None:
    archive = packed(tmp_path / "two.tar.gz", {"one/a.py": "", "two/b.py": ""})
    with pytest.raises(UserError, match=r"holds several folders \(one, two\): name the project's with --subdirectory"):
        take(archive, home)
    assert (take(archive, home, subdirectory="two").project / "b.py").is_file()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../outside.py", "leaves the repository"),
        ("/tmp/hasten-outside.py", "not relative"),
        ("pkg-1.0/../../outside.py", "leaves the repository"),
    ],
)
@pytest.mark.parametrize("suffix", [".tar.gz", ".zip"])
def test_paths_that_leave_the_archive_are_refused(
    name: str, says: str, suffix: str, home: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=says):
        take(packed(tmp_path / f"bad{suffix}", {**FILES, name: "x"}), home)
    assert not list(tmp_path.rglob("outside.py"))
    assert not Path("/tmp/hasten-outside.py").exists()
    assert not list((home / "trees").glob("partial-*"))


def test_links_out_are_left_out_and_nothing_is_written_through_them(home: Path, tmp_path: Path) -> None:
    def out(tar: tarfile.TarFile) -> None:
        link("pkg-1.0/out", str(tmp_path))(tar)
        link("pkg-1.0/passwd", "../../../../../../etc/passwd")(tar)

    snapshot = take(packed(tmp_path / "links.tar.gz", FILES, change=out), home)
    assert sorted(path.name for path in snapshot.tree.iterdir()) == ["pyproject.toml", "src"]
    assert sum("leads out and is left out" in note for note in snapshot.notes) == 2

    def through(tar: tarfile.TarFile) -> None:
        link("pkg-1.0/out", str(tmp_path))(tar)
        tar.addfile(tarfile.TarInfo("pkg-1.0/out/written.py"), io.BytesIO(b""))

    with pytest.raises(UserError, match="more than once"):
        take(packed(tmp_path / "through.tar.gz", FILES, change=through), home)
    assert not (tmp_path / "written.py").exists()


def test_hard_links_devices_and_git_directories_reach_nothing(home: Path, tmp_path: Path) -> None:
    hard = link("pkg-1.0/shadow", "/etc/shadow", tarfile.LNKTYPE)
    archive = packed(tmp_path / "hard.tar.gz", FILES, change=hard)
    with pytest.raises(UserError, match="to a file that it does not hold"):
        take(archive, home)
    files = {**FILES, "pkg-1.0/.git/config": "[core]\n\tfsmonitor = touch x\n"}
    snapshot = take(packed(tmp_path / "pipe.tar.gz", files, change=link("pkg-1.0/pipe", "", tarfile.FIFOTYPE)), home)
    assert any("neither a file nor a folder" in note for note in snapshot.notes)
    assert not (snapshot.tree / ".git").exists()


@pytest.mark.parametrize("suffix", [".tar.gz", ".zip"])
def test_an_archive_that_grows_too_large_is_given_up(suffix: str, home: Path, tmp_path: Path) -> None:
    archive = packed(tmp_path / f"bomb{suffix}", {"pkg-1.0/zeros.txt": "0" * 4_000_000})
    assert archive.stat().st_size < 40_000
    with pytest.raises(UserError, match="too large once it is unpacked"):
        take(archive, home, limits=TreeLimits(total_bytes=1_000_000))
    with pytest.raises(UserError, match="more than 3 files"):
        take(packed(tmp_path / f"many{suffix}", {f"p/{n}.py": "" for n in range(5)}), home, limits=TreeLimits(files=3))


def test_a_header_that_fills_the_memory_is_given_up(home: Path, tmp_path: Path) -> None:
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 1 << 30
    bomb = tmp_path / "header.tar.gz"
    with gzip.open(bomb, "wb", compresslevel=1) as file:
        file.write(header.tobuf())
        for _ in range(40):
            file.write(bytes(1 << 20))
    with pytest.raises(UserError, match="too large once it is unpacked"):
        take(bomb, home)


@pytest.mark.parametrize("suffix", [".tar.gz", ".zip"])
def test_folders_count_as_files_do(suffix: str, home: Path, tmp_path: Path) -> None:
    archive = tmp_path / f"folders{suffix}"
    if suffix == ".zip":
        with zipfile.ZipFile(archive, "w") as zipped:
            for number in range(5):
                zipped.writestr(f"p/{number}/", "")
    else:
        packed(archive, {}, change=lambda tar: [tar.addfile(folder(f"p/{number}")) for number in range(5)])
    with pytest.raises(UserError, match="more than 3 files and folders"):
        take(archive, home, limits=TreeLimits(files=3))


def test_a_folder_that_states_a_size_lets_no_larger_header_pass(home: Path, tmp_path: Path) -> None:
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 1 << 30
    bomb = tmp_path / "folder.tar.gz"
    with gzip.open(bomb, "wb", compresslevel=1) as file:
        file.write(folder("p", size=1 << 32).tobuf() + header.tobuf())
        for _ in range(40):
            file.write(bytes(1 << 20))
    with pytest.raises(UserError, match="too large once it is unpacked"):
        take(bomb, home)


@pytest.mark.parametrize("everywhere", [False, True])
def test_the_headers_of_many_entries_are_not_held_together(everywhere: bool, tmp_path: Path) -> None:
    archive = tmp_path / "headers.tar.gz"
    with gzip.open(archive, "wb", compresslevel=1) as file:
        for number in range(20):
            entry, words = folder(f"p/{number}"), {f"comment{number}": "a" * 500_000}
            if everywhere:
                file.write(tarfile.TarInfo.create_pax_global_header(words))
            else:
                entry.pax_headers = words
            file.write(entry.tobuf(tarfile.GNU_FORMAT if everywhere else tarfile.PAX_FORMAT))
        file.write(tarfile.TarInfo("p/mod.py").tobuf() + bytes(1024))
    (tmp_path / "unpacked").mkdir()
    tracemalloc.start()
    try:
        unpack_archive(archive, tmp_path / "unpacked", TreeLimits())
        most_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (tmp_path / "unpacked/p/mod.py").is_file()
    assert most_bytes < 5_000_000


@pytest.mark.parametrize(
    "name", ["words.tar.gz", "words.zip", "words.tar.xz", "words.tar.bz2", "words.tar", "cut.tar.gz"]
)
def test_what_is_no_archive_is_named(name: str, home: Path, tmp_path: Path) -> None:
    archive = tmp_path / name
    if name == "cut.tar.gz":
        whole = packed(tmp_path / "whole.tar.gz", {**FILES, "pkg-1.0/more.bin": os.urandom(9000).hex()}).read_bytes()
        archive.write_bytes(whole[: len(whole) // 2])
    else:
        archive.write_text("<html>not an archive</html>" * 100)
    with pytest.raises(UserError, match=f"{name} is not an archive that can be read"):
        take(archive, home)


def test_other_misuse_gets_one_sentence(home: Path, tmp_path: Path) -> None:
    archive = packed(tmp_path / "pkg.tar.gz", FILES)
    with pytest.raises(UserError, match="is an archive, so it has no ref 'main'"):
        take(archive, home, ref="main")
    (tmp_path / "notes.txt").write_text("words")
    with pytest.raises(UserError, match=r"is a file: name a folder, or an archive \(\.tar\.gz"):
        take(tmp_path / "notes.txt", home)
    empty = tmp_path / "empty.zip"
    zipfile.ZipFile(empty, "w").close()
    with pytest.raises(UserError, match="holds no files"):
        take(empty, home)


def test_an_archive_behind_https_is_checked_against_the_hash_that_was_given(home: Path, tmp_path: Path) -> None:
    content = packed(tmp_path / "pkg.tar.gz", FILES).read_bytes()
    with serving(tmp_path) as server:
        server.body = content

        def fetched(fragment: str) -> Snapshot:
            url = server.url("pkg-1.0.tar.gz") + fragment
            return take_snapshot(url, home=home, extra_env=TRUST, admission=PRIVATE)

        snapshot = fetched("")
        assert (snapshot.tree / "src/pkg.py").is_file()
        digest = snapshot.notes[0].split()[-1].rstrip(".")
        assert fetched(f"#sha256={digest}").tree == snapshot.tree
        with pytest.raises(UserError, match=f"has the SHA-256 {digest}, not 0000"):
            fetched(f"#sha256={'0' * 64}")
        with serving(tmp_path) as other:
            server.redirect = other.url("pkg-1.0.tar.gz")
            with pytest.raises(UserError, match=r"redirects to https://127.* which is not followed"):
                fetched("")
            assert other.requests == []
        server.redirect, server.status = None, 404
        with pytest.raises(UserError, match="There is no archive"):
            fetched("")
    with pytest.raises(UserError, match="private address"):
        take_snapshot("https://127.0.0.1/pkg.tar.gz", home=home)
