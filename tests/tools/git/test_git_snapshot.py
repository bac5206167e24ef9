"""Snapshots of what stands on this host: the right files, nothing written, every problem in one sentence."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from checkouts import Checkout, fingerprint

from tools.errors import UserError
from tools.git.listing import TreeLimits
from tools.git.take import take_snapshot
from tools.git.trees import prune_trees, sweep_trees
from tools.git.version import stated_version, tag_version


def files(tree: Path) -> set[str]:
    return {str(place.relative_to(tree)) for place in tree.rglob("*") if place.is_symlink() or not place.is_dir()}


def test_head_is_taken_and_uncommitted_paths_are_named(checkout: Checkout, home: Path) -> None:
    commit = checkout.git("rev-parse", "HEAD")
    checkout.commit({".gitignore": "*.log\nbuild/\n"})
    commit = checkout.git("rev-parse", "HEAD")
    checkout.write("pkg/mod.py", "def f():\n    return 2\n")
    checkout.write("new.py")
    checkout.write("more/one.py")
    checkout.write("x.log")
    checkout.write("build/out")
    checkout.write("staged.py", "x = 1\n")
    checkout.git("add", "staged.py")
    (checkout.path / "README").unlink()
    snapshot = take_snapshot(str(checkout.path), home=home)
    assert snapshot.commit == commit
    assert snapshot.source == str(checkout.path)
    assert (snapshot.tree / "pkg/mod.py").read_text() == "def f():\n    return 1\n"
    assert files(snapshot.tree) == {".gitignore", "README", "pkg/__init__.py", "pkg/mod.py"}
    assert snapshot.uncommitted == ("README", "more/", "new.py", "pkg/mod.py", "staged.py")


def test_a_clean_checkout_has_nothing_uncommitted_even_with_odd_settings(checkout: Checkout, home: Path) -> None:
    checkout.commit({"dos.txt": "a\r\nb\r\n", ".gitattributes": "*.txt text eol=crlf\n"})
    checkout.git("config", "core.filemode", "false")
    (checkout.path / "README").chmod(0o755)
    assert take_snapshot(str(checkout.path), home=home).uncommitted == ()


def test_files_behind_a_filter_are_not_called_uncommitted(checkout: Checkout, home: Path) -> None:
    checkout.commit({"a.bin": "version https://git-lfs.github.com/spec/v1\n", ".gitattributes": "*.bin filter=lfs\n"})
    checkout.write("a.bin", "what the filter made of it")
    checkout.write("README", "changed\n")
    assert take_snapshot(str(checkout.path), home=home).uncommitted == ("README",)


def test_staged_changes_are_uncommitted(checkout: Checkout, home: Path) -> None:
    checkout.write("README", "staged\n")
    checkout.git("add", "README")
    checkout.write("README", "hello\n")
    checkout.git("update-index", "--split-index")
    assert take_snapshot(str(checkout.path), home=home).uncommitted == ("README",)
    (checkout.path / ".git/index").write_bytes(b"broken")
    with pytest.raises(UserError, match=r"index of .* cannot be read"):
        take_snapshot(str(checkout.path), home=home)


def test_the_checkout_is_not_written_at_all(checkout: Checkout, home: Path) -> None:
    checkout.write("pkg/mod.py", "changed\n")
    os.utime(checkout.path / "README", (1, 1))  # An index that git would refresh.
    before = fingerprint(checkout.path)
    take_snapshot(str(checkout.path), home=home)
    take_snapshot(str(checkout.path / "pkg"), home=home)
    assert fingerprint(checkout.path) == before


@pytest.mark.parametrize("ref", ["v1", "old", "a commit", "its start", "remote-only"])
def test_a_ref_of_any_kind_is_taken(checkout: Checkout, home: Path, ref: str) -> None:
    old = checkout.git("rev-parse", "HEAD")
    checkout.git("tag", "-a", "v1", "-m", "x")
    checkout.git("branch", "old")
    checkout.git("update-ref", "refs/remotes/origin/remote-only", old)
    checkout.commit({"later.py": ""})
    snapshot = take_snapshot(str(checkout.path), ref={"a commit": old, "its start": old[:8]}.get(ref, ref), home=home)
    assert snapshot.commit == old
    assert not (snapshot.tree / "later.py").exists()


def test_an_unknown_ref_names_what_is_near(checkout: Checkout, home: Path) -> None:
    with pytest.raises(UserError, match=r"'mian' in .*; did you mean main"):
        take_snapshot(str(checkout.path), ref="mian", home=home)


def test_a_subfolder_stands_for_its_repository(checkout: Checkout, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout.write("pkg/new.py")
    checkout.write("elsewhere.py")
    for snapshot in (
        take_snapshot(str(checkout.path / "pkg"), home=home),
        take_snapshot(str(checkout.path), subdirectory="pkg/", home=home),
    ):
        assert snapshot.subdirectory == "pkg"
        assert (snapshot.project / "mod.py").is_file()
        assert (snapshot.tree / "README").is_file()
        assert snapshot.uncommitted == ("pkg/new.py",)
    monkeypatch.chdir(checkout.path / "pkg")
    assert take_snapshot(".", home=home).subdirectory == "pkg"


def test_a_subfolder_whose_name_begins_with_a_dot_is_not_another(checkout: Checkout, home: Path) -> None:
    checkout.commit(dict.fromkeys((".tools/core/right.py", "tools/core/wrong.py", ".only/core/right.py"), "A = 1\n"))
    for folder in (".tools/core", ".only/core"):
        for ref in (None, "HEAD"):
            snapshot = take_snapshot(str(checkout.path / folder), home=home, ref=ref)
            assert snapshot.subdirectory == folder
            assert (snapshot.project / "right.py").is_file()
            assert not snapshot.commit.startswith("tree:")


def test_a_worktree_and_a_link_to_a_checkout_work(checkout: Checkout, home: Path, tmp_path: Path) -> None:
    checkout.git("worktree", "add", "-q", str(tmp_path / "second"), "-b", "side")
    (tmp_path / "second/README").write_text("changed\n")
    (tmp_path / "link").symlink_to(checkout.path)
    assert take_snapshot(str(tmp_path / "second"), home=home).uncommitted == ("README",)
    assert take_snapshot(str(tmp_path / "link"), home=home).uncommitted == ()


def test_a_bare_repository_is_read_where_it_is_named(checkout: Checkout, home: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(checkout.path), str(bare)], check=True)
    assert take_snapshot(str(bare), home=home).commit == checkout.git("rev-parse", "HEAD")


def test_a_folder_without_git_is_named_by_its_files(tmp_path: Path, home: Path) -> None:
    folder = tmp_path / "plain"
    for path in ("a.py", "sub/b.py", "PKG-INFO"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("Version: 2.5\n")
    first = take_snapshot(str(folder), home=home)
    for path in (".venv/x", "env/pyvenv.cfg", "env/y", "__pycache__/z.pyc", ".tox/t", "node_modules/n", "build/lib/o",
                 "w.pyc", ".git/other", ".mypy_cache/m", "sub/.pytest_cache/p"):  # fmt: skip
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("noise")
    second = take_snapshot(str(folder), home=home)
    assert first == second
    assert first.commit.startswith("tree:")
    assert len(first.commit) == 45
    assert first.version == "2.5"
    assert files(first.tree) == {"a.py", "sub/b.py", "PKG-INFO"}
    (folder / "a.py").write_text("other")
    assert take_snapshot(str(folder), home=home).commit != first.commit


def test_a_folder_that_its_checkout_does_not_hold_is_taken_as_it_stands(checkout: Checkout, home: Path) -> None:
    checkout.write("unpacked/lib.py", "x = 1\n")
    snapshot = take_snapshot(str(checkout.path / "unpacked"), home=home)
    assert snapshot.commit.startswith("tree:")
    assert files(snapshot.tree) == {"lib.py"}


def test_what_cannot_be_taken_is_said_in_one_sentence(checkout: Checkout, home: Path, tmp_path: Path) -> None:
    empty, unborn, plain = tmp_path / "empty", Checkout(tmp_path / "unborn"), tmp_path / "plain"
    empty.mkdir()
    plain.mkdir()
    (plain / "a.py").touch()
    hollow = Checkout(tmp_path / "hollow")
    hollow.commit()
    broken = Checkout(tmp_path / "broken")
    (broken.path / ".git/config").write_text("[core\n")
    for options, says in [
        ({"source": str(tmp_path / "missing")}, "There is no folder"),
        ({"source": str(checkout.path / "README")}, "is a file"),
        ({"source": str(empty)}, "holds no files"),
        ({"source": str(unborn.path)}, "no commit yet"),
        ({"source": str(hollow.path)}, "holds no files"),
        ({"source": str(broken.path)}, "is not a git repository that can be read"),
        ({"source": str(plain), "ref": "main"}, "no git repository, so it has no ref"),
        ({"source": str(plain), "subdirectory": "sub"}, "has no folder 'sub'"),
        ({"source": str(checkout.path), "subdirectory": "pk"}, "no folder 'pk'; did you mean pkg"),
        ({"source": str(checkout.path), "subdirectory": "README"}, "no folder 'README'"),
        ({"source": str(checkout.path), "subdirectory": "../x"}, "inside the repository"),
        ({"source": str(checkout.path), "ref": "--all"}, "is not the name"),
    ]:
        with pytest.raises(UserError, match=says) as caught:
            take_snapshot(home=home, **options)
        assert "\n" not in str(caught.value)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """As somebody without root's rights, where we have them."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_what_permissions_hide_is_named() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        for part in ("closed", "file", "git/.git"):
            (folder / part).mkdir(parents=True)
        (folder / "file/secret.py").touch(mode=0)
        (folder / "closed").chmod(0)
        (folder / "git/.git").chmod(0)
        with ordinary_user():
            for part, says in [("closed", "cannot be read"), ("file", "secret.py cannot"), ("git", r"\.git cannot")]:
                with pytest.raises(UserError, match=says):
                    take_snapshot(str(folder / part), home=folder / "home")


def test_lost_objects_are_said(checkout: Checkout, home: Path) -> None:
    blob = checkout.git("rev-parse", "HEAD:README")
    (checkout.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(UserError, match=r"lacks .*: fetch it completely"):
        take_snapshot(str(checkout.path), home=home)


def test_limits_hold(checkout: Checkout, home: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    for i in range(5):
        (plain / f"{i}").write_bytes(b"x" * 100)
    checkout.commit({f"{i}": "x" * 100 for i in range(5)})
    for source in (str(plain), str(checkout.path)):
        for limits in (TreeLimits(files=4), TreeLimits(total_bytes=400), TreeLimits(file_bytes=99)):
            with pytest.raises(UserError, match="too large"):
                take_snapshot(source, home=home, limits=limits)


def test_links_that_stay_inside_are_kept_and_others_left_out(checkout: Checkout, home: Path) -> None:
    links = {
        "inside": "pkg/mod.py",
        "pkg/up": "../README",
        "folder": "pkg",
        "through": "folder/mod.py",
        "dangling": "not-there",
        "absolute": "/etc/passwd",
        "out": "../../secret",
        "pkg/out": "../../secret",
        "by-way-of": "folder/../../secret",
        "first-half": "second-half/x",
        "second-half": "..",
    }
    for path, target in links.items():
        (checkout.path / path).symlink_to(target)
    checkout.commit()
    snapshot = take_snapshot(str(checkout.path), home=home)
    kept = {path for path in links if (snapshot.tree / path).is_symlink()}
    assert kept == {"inside", "pkg/up", "folder", "through", "dangling"}
    assert (snapshot.tree / "through").read_text() == "def f():\n    return 1\n"
    assert len([note for note in snapshot.notes if "leads out" in note]) == 6


def test_odd_names_contents_and_modes_survive(checkout: Checkout, home: Path) -> None:
    names = [b"caf\xe9.py", "é.py".encode(), b"new\nline", b"tab\t", b"-dash", b"quote\"'", b"back\\slash", b" sp ace "]
    for name in names:
        with open(os.path.join(os.fsencode(checkout.path), name), "wb") as file:
            file.write(name + b"\r\n\x00\xff")
    checkout.write("run.sh", "#!/bin/sh\n").chmod(0o755)
    checkout.write("ident.txt", "$Id$\n$Format:%H$\n")
    checkout.write(".gitattributes", "ident.txt ident export-subst\nREADME export-ignore\n")
    checkout.commit()
    snapshot = take_snapshot(str(checkout.path), home=home)
    root = os.fsencode(snapshot.tree)
    for name in names:
        with open(os.path.join(root, name), "rb") as file:
            assert file.read() == name + b"\r\n\x00\xff"
    assert os.access(snapshot.tree / "run.sh", os.X_OK)
    assert (snapshot.tree / "ident.txt").read_text() == "$Id$\n$Format:%H$\n"
    assert (snapshot.tree / "README").is_file()
    plain = take_snapshot(os.fspath(snapshot.tree), home=home)
    assert files(plain.tree) == files(snapshot.tree)


def test_submodules_lfs_and_special_files_are_noted(checkout: Checkout, home: Path, tmp_path: Path) -> None:
    checkout.write("model.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n")
    checkout.commit()
    checkout.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendored")
    checkout.git("commit", "-q", "-m", "submodule")
    notes = take_snapshot(str(checkout.path), home=home).notes
    assert notes == (
        "The submodule vendored is not followed.",
        "model.bin is a Git LFS pointer; its content is not fetched.",
    )
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "a.py").touch()
    os.mkfifo(plain / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(plain / "sock"))
        notes = take_snapshot(str(plain), home=home).notes
    assert [note.split()[0] for note in notes] == ["pipe", "sock"]


def test_a_tree_is_laid_out_once_and_marked_by_no_moment(checkout: Checkout, home: Path) -> None:
    first = take_snapshot(str(checkout.path), home=home)
    before = fingerprint(first.tree)
    checkout.git("commit", "-q", "--allow-empty", "-m", "same files")
    second = take_snapshot(str(checkout.path), home=home)
    assert second.tree == first.tree
    assert second.commit != first.commit
    assert fingerprint(second.tree) == before
    assert len({place.stat().st_mtime for place in first.tree.rglob("*") if place.is_file()}) == 1


def test_a_killed_writer_leaves_nothing_usable_and_a_live_one_is_left_alone(checkout: Checkout, home: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from tools.git.trees import place_tree\n"
        "def write(root):\n"
        "    (root / 'half').touch(); print('writing', flush=True); time.sleep(60); return []\n"
        "place_tree(Path(sys.argv[1]), 'd' * 64, write)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        take_snapshot(str(checkout.path), home=home)
        assert len(list((home / "trees").glob("partial-*"))) == 1
        assert sweep_trees(home) == 0
        writer.kill()
    assert not (home / "trees" / ("d" * 64)).exists()
    checkout.commit({"new.py": ""})
    take_snapshot(str(checkout.path), home=home)
    assert not list((home / "trees").glob("partial-*"))


def test_trees_that_nobody_asked_for_are_pruned(
    checkout: Checkout, make_checkout: Callable[[str], Checkout], home: Path
) -> None:
    other = make_checkout("other")
    other.commit({"x": "y"})
    old, new = (take_snapshot(str(place.path), home=home).tree for place in (checkout, other))
    day_ago_s = time.time() - 86_400
    os.utime(old.with_name(f"{old.name}.notes.json"), (day_ago_s, day_ago_s))
    assert prune_trees(home, unused_for_s=3600) == 1
    assert not old.exists()
    assert new.exists()
    assert take_snapshot(str(checkout.path), home=home).tree.is_dir()


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        *[("v1.2.3", "1.2.3"), ("1.2.3", "1.2.3"), ("sqlparse-0.5.1", "0.5.1"), ("release/2.0rc1", "2.0rc1")],
        *[("rel_1_4_22", "1.4.22"), ("V2.0", "2.0"), ("2024.01.02", "2024.1.2"), ("latest", None), ("20240101", None)],
        *[("v1", None), ("build-7", None), ("1.2.x", None)],
    ],
)
def test_tags_that_look_like_versions(tag: str, version: str | None) -> None:
    found = tag_version(tag)
    assert (None if found is None else str(found)) == version


def test_the_version_is_the_newest_reachable_tags(checkout: Checkout, home: Path) -> None:
    for tag in ("v1.9", "v1.10", "nightly"):
        checkout.git("tag", tag)
    checkout.git("checkout", "-q", "-b", "next")
    checkout.commit({"x": "x"})
    checkout.git("tag", "v2.0")
    checkout.git("checkout", "-q", "main")
    checkout.commit({"y": "y"})
    assert take_snapshot(str(checkout.path), home=home).version == "1.10"
    assert take_snapshot(str(checkout.path), ref="next", home=home).version == "2.0"


@pytest.mark.parametrize(
    ("name", "text", "version"),
    [
        ("PKG-INFO", "Metadata-Version: 2.1\nVersion: 3.1\n\nVersion: 9\n", "3.1"),
        ("pyproject.toml", '[project]\nname = "x"\nversion = "1.0"\n', "1.0"),
        ("pyproject.toml", '[tool.poetry]\nversion = "0.3.0"\n', "0.3.0"),
        ("pyproject.toml", '[project]\ndynamic = ["version"]\n', None),
        ("pyproject.toml", "not toml [", None),
        ("setup.cfg", "[metadata]\nversion = 4.5.6\n", "4.5.6"),
        ("setup.cfg", "[metadata]\nversion = attr: x.__version__\n", None),
        ("setup.cfg", "no ini\n", None),
    ],
)
def test_versions_that_metadata_states(tmp_path: Path, name: str, text: str, version: str | None) -> None:
    (tmp_path / name).write_text(text)
    assert stated_version(tmp_path) == version
