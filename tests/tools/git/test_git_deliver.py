"""Delivering: exactly the patch, and nothing else of the user's repository."""

import os
import tempfile
from pathlib import Path

import pytest
from checkouts import Checkout, commits, fingerprint

from tools.errors import UserError
from tools.git.deliver import apply_to_checkout, make_branch
from tools.git.patch import PatchError, make_patch, parse_patch

MOD = b"def f():\n    return 1\n"
FASTER = b"def f():\n    return 2\n"
PATCH = parse_patch(make_patch({"pkg/mod.py": MOD, "README": b"hello\n"}, {"pkg/mod.py": FASTER, "new/x.py": b"x\n"}))


def test_a_patch_is_written_into_the_work_tree_alone(checkout: Checkout) -> None:
    checkout.write("other.py", "mine\n")
    checkout.write("staged.py", "mine\n")
    checkout.git("add", "staged.py")
    (checkout.path / "pkg/mod.py").chmod(0o600)
    before = fingerprint(checkout.path)
    assert apply_to_checkout(checkout.path / "pkg", PATCH) == ("README", "new/x.py", "pkg/mod.py")
    after = fingerprint(checkout.path)
    root = str(checkout.path)
    files = {path for path in before.keys() ^ after.keys() if not os.path.isdir(path)}
    files |= {path for path in before.keys() & after.keys() if before[path] != after[path] and os.path.isfile(path)}
    assert files == {f"{root}/README", f"{root}/new/x.py", f"{root}/pkg/mod.py"}
    assert (checkout.path / "pkg/mod.py").read_bytes() == FASTER
    assert (checkout.path / "pkg/mod.py").stat().st_mode & 0o777 == 0o600
    assert not list(checkout.path.rglob(".hasten-*"))


@pytest.mark.parametrize(
    ("path", "content"),
    [("pkg/mod.py", "mine\n"), ("README", "mine\n"), ("new/x.py", "mine\n"), ("new/y.py", "mine\n")],
)
def test_uncommitted_changes_of_touched_files_are_refused(checkout: Checkout, path: str, content: str) -> None:
    checkout.write(path, content)
    before = fingerprint(checkout.path)
    with pytest.raises(UserError, match=r"uncommitted changes|there already"):
        apply_to_checkout(checkout.path, PATCH)
    assert fingerprint(checkout.path) == before


def test_a_staged_change_is_uncommitted_too(checkout: Checkout) -> None:
    checkout.write("README", "mine\n")
    checkout.git("add", "README")
    checkout.write("README", "hello\n")
    with pytest.raises(UserError, match="README has uncommitted changes"):
        apply_to_checkout(checkout.path, PATCH)


def test_nothing_is_written_where_the_patch_does_not_apply(checkout: Checkout) -> None:
    checkout.commit({"pkg/mod.py": "something else\n"})
    before = fingerprint(checkout.path)
    with pytest.raises(PatchError, match="does not apply"):
        apply_to_checkout(checkout.path, PATCH)
    assert fingerprint(checkout.path) == before


def test_links_are_never_written_through(checkout: Checkout, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (checkout.path / "new").symlink_to(outside)
    checkout.commit()
    with pytest.raises(PatchError, match="behind one"):
        apply_to_checkout(checkout.path, PATCH)
    assert not list(outside.iterdir())


def test_a_plain_folder_takes_a_patch_too(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/mod.py").write_bytes(MOD)
    patch = parse_patch(make_patch({"pkg/mod.py": MOD}, {"pkg/mod.py": FASTER}))
    apply_to_checkout(tmp_path, patch)
    assert (tmp_path / "pkg/mod.py").read_bytes() == FASTER


def test_an_unpacked_folder_inside_a_checkout_is_its_own_root(checkout: Checkout) -> None:
    checkout.write("unpacked/pkg/mod.py", MOD)
    patch = parse_patch(make_patch({"pkg/mod.py": MOD}, {"pkg/mod.py": FASTER}))
    apply_to_checkout(checkout.path / "unpacked", patch)
    assert (checkout.path / "unpacked/pkg/mod.py").read_bytes() == FASTER
    assert (checkout.path / "pkg/mod.py").read_bytes() == MOD


def test_a_branch_is_one_commit_and_leaves_everything_else(checkout: Checkout) -> None:
    checkout.write("pkg/mod.py", "my work\n")
    checkout.write("staged.py", "mine\n")
    checkout.git("add", "staged.py")
    checkout.git("config", "user.name", "Ada É")
    checkout.git("config", "user.email", "ada@example.org")
    (checkout.path / "pkg/__init__.py").chmod(0o755)
    kept = {path: state for path, state in fingerprint(checkout.path).items() if "/.git/" not in path}
    index, head = (checkout.path / ".git/index").read_bytes(), checkout.git("rev-parse", "HEAD")
    commit = make_branch(checkout.path / "pkg", "hasten/faster-f", commits(PATCH, "Make f faster\n\nTwice.\n"))
    assert {path: state for path, state in fingerprint(checkout.path).items() if "/.git/" not in path} == kept
    assert (checkout.path / ".git/index").read_bytes() == index
    assert checkout.git("rev-parse", "HEAD") == head
    assert checkout.git("symbolic-ref", "HEAD") == "refs/heads/main"
    assert checkout.git("rev-parse", "hasten/faster-f") == commit
    assert checkout.git("rev-list", "--count", "main..hasten/faster-f") == "1"
    assert checkout.git("log", "-1", "--format=%an <%ae> %cn%n%B", commit) == (
        "Ada É <ada@example.org> Ada É\nMake f faster\n\nTwice."
    )
    changed = checkout.git("diff", "--name-status", "main", commit).splitlines()
    assert changed == ["D\tREADME", "A\tnew/x.py", "M\tpkg/mod.py"]
    assert checkout.git("show", f"{commit}:pkg/mod.py").encode() == FASTER.rstrip()
    checkout.git("fsck", "--strict")


def test_a_branch_starts_where_it_is_told_and_keeps_modes(checkout: Checkout) -> None:
    (checkout.path / "pkg/mod.py").chmod(0o755)
    base = checkout.commit()
    checkout.commit({"pkg/mod.py": "later\n"})
    commit = make_branch(checkout.path, "from-base", commits(PATCH, "x"), base=base)
    assert checkout.git("rev-parse", f"{commit}^") == base
    assert checkout.git("ls-tree", commit, "pkg/mod.py").startswith("100755 ")
    with pytest.raises(PatchError, match="does not apply"):
        make_branch(checkout.path, "from-head", commits(PATCH, "x"))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("taken", "exists already"),
        ("taken/below", "could not be made"),
        ("-x", "not the name"),
        ("a..b", "not the name"),
        ("HEAD:x", "not the name"),
    ],
)
def test_a_branch_is_never_replaced(checkout: Checkout, name: str, says: str) -> None:
    checkout.git("branch", "taken")
    with pytest.raises(UserError, match=says):
        make_branch(checkout.path, name, commits(PATCH, "x"))


def test_without_a_repository_or_a_commit_there_is_no_branch(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no git repository"):
        make_branch(tmp_path, "x", commits(PATCH, "x"))
    unborn = Checkout(tmp_path / "unborn")
    with pytest.raises(UserError, match="no commit HEAD"):
        make_branch(unborn.path, "x", commits(PATCH, "x"))


def test_a_worktree_gets_its_branch_too(checkout: Checkout, tmp_path: Path) -> None:
    checkout.git("worktree", "add", "-q", str(tmp_path / "second"), "-b", "side")
    commit = make_branch(tmp_path / "second", "made", commits(PATCH, "x"))
    assert checkout.git("rev-parse", "made") == commit


def test_every_commit_has_its_own_tree_against_the_base(checkout: Checkout) -> None:
    both = parse_patch(make_patch({"pkg/mod.py": MOD}, {"pkg/mod.py": FASTER, "new.py": b"x\n"}))
    one = parse_patch(make_patch({"pkg/mod.py": MOD}, {"pkg/mod.py": FASTER}))
    make_branch(checkout.path, "made", (*commits(one, "first"), *commits(both, "second"), *commits(PATCH, "third")))
    assert checkout.git("log", "--reverse", "--format=%s", "main..made").split() == ["first", "second", "third"]
    changed = [checkout.git("diff", "--name-status", f"made~{n + 1}", f"made~{n}") for n in (2, 1, 0)]
    assert [text.split() for text in changed] == [
        ["M", "pkg/mod.py"],
        ["A", "new.py"],
        ["D", "README", "R100", "new.py", "new/x.py"],
    ]
    checkout.git("fsck", "--strict")


def test_hooks_and_signing_are_left_alone(checkout: Checkout, tmp_path: Path) -> None:
    for name in ("pre-commit", "commit-msg", "post-commit", "reference-transaction", "prepare-commit-msg"):
        hook = checkout.write(f".git/hooks/{name}", f"#!/bin/sh\ntouch '{tmp_path}/ran'\nexit 1\n")
        hook.chmod(0o755)
    for setting in ("commit.gpgSign=true", f"gpg.program={tmp_path}/no-such-program", "tag.gpgSign=true"):
        checkout.git("config", *setting.split("="))
    commit = make_branch(checkout.path, "made", commits(PATCH, "x"))
    assert "gpgsig" not in checkout.git("cat-file", "commit", commit)
    assert not (tmp_path / "ran").exists()


def test_a_detached_head_stays_detached(checkout: Checkout) -> None:
    checkout.git("checkout", "-q", "--detach")
    head = checkout.git("rev-parse", "HEAD")
    commit = make_branch(checkout.path, "made", commits(PATCH, "x"))
    assert checkout.git("rev-parse", "HEAD", f"{commit}^") == f"{head}\n{head}"
    assert checkout.git("rev-parse", "--abbrev-ref", "HEAD") == "HEAD"


def test_a_sha256_repository_gets_its_branch_too(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "sha256", "--object-format=sha256")
    checkout.commit({"pkg/mod.py": MOD, "README": "hello\n"})
    commit = make_branch(checkout.path, "made", commits(PATCH, "x"))
    assert (len(commit), checkout.git("show", "made:pkg/mod.py")) == (64, FASTER.decode().strip())
    checkout.git("fsck", "--strict")


def test_the_author_is_the_one_that_git_would_take(checkout: Checkout) -> None:
    for setting in ("user.name=Ada", "user.email=ada@example.org", "author.name=Grace"):
        checkout.git("config", *setting.split("="))
    make_branch(checkout.path, "made", commits(PATCH, "x"))
    assert checkout.git("log", "-1", "--format=%an <%ae>, %cn", "made") == "Grace <ada@example.org>, Ada"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root writes for others")
def test_what_root_writes_belongs_to_the_repositorys_owner() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        checkout = Checkout(Path(name) / "checkout")
        checkout.commit({"pkg/mod.py": MOD, "README": "hello\n"})
        for place in [checkout.path, *checkout.path.rglob("*")]:
            os.chown(place, 65534, 65534)
        make_branch(checkout.path, "made", commits(PATCH, "x"))
        apply_to_checkout(checkout.path, PATCH)
        assert [place for place in checkout.path.rglob("*") if place.lstat().st_uid != 65534] == []
