"""A hostile repository runs nothing while it is read, not even where its owner would have run it."""

import os
import subprocess
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from checkouts import Checkout, commits

from tools.errors import UserError
from tools.git.command import HARDENED_ENV, Git, GitFailedError
from tools.git.deliver import apply_to_checkout, make_branch
from tools.git.hunks import PatchError
from tools.git.listing import TreeLimits
from tools.git.patch import make_patch, parse_patch
from tools.git.take import take_snapshot

Trap = Callable[[Checkout, str], None]


def configured(*settings: tuple[str, str]) -> Trap:
    def set_trap(checkout: Checkout, command: str) -> None:
        for name, value in settings:
            checkout.git("config", name, value.replace("TRAP", command))

    return set_trap


def filtered(kind: str) -> Trap:
    def set_trap(checkout: Checkout, command: str) -> None:
        checkout.git("config", f"filter.evil.{kind}", command)
        checkout.git("config", "filter.evil.required", "true")
        checkout.write(".git/info/attributes", "* filter=evil\n")
        checkout.write(".gitattributes", "* filter=evil diff=evil\n")

    return set_trap


def hooks(checkout: Checkout, command: str) -> None:
    names = (
        "post-index-change",
        "reference-transaction",
        "post-checkout",
        "pre-commit",
        "fsmonitor-watchman",
        "post-commit",
    )
    for name in names:
        checkout.write(f".git/hooks/{name}", f"#!/bin/sh\n{command}\n").chmod(0o755)
    checkout.git("config", "core.hooksPath", str(checkout.path / ".git/hooks"))


def included(checkout: Checkout, command: str) -> None:
    checkout.write(".git/more", f"[core]\n\tfsmonitor = {command}\n")
    checkout.git("config", "include.path", "more")


def included_where_it_stands(checkout: Checkout, command: str) -> None:
    checkout.write(".git/more", f"[core]\n\tfsmonitor = {command}\n")
    checkout.git("config", "includeIf.gitdir:**.path", "more")


def promisor(checkout: Checkout, command: str) -> None:
    """A missing blob that git would fetch lazily, by a command."""
    checkout.git("config", "core.repositoryformatversion", "1")
    checkout.git("config", "extensions.partialClone", "origin")
    checkout.git("config", "remote.origin.url", f"ext::{command}")
    checkout.git("config", "remote.origin.promisor", "true")
    checkout.git("config", "protocol.ext.allow", "always")
    blob = checkout.git("rev-parse", "HEAD:README")
    (checkout.path / ".git/objects" / blob[:2] / blob[2:]).unlink()


TRAPS: dict[str, Trap] = {
    "fsmonitor": configured(("core.fsmonitor", "TRAP")),
    "hooks": hooks,
    "include": included,
    "includeIf": included_where_it_stands,
    "filter clean": filtered("clean"),
    "filter smudge": filtered("smudge"),
    "filter process": filtered("process"),
    "external diff": configured(
        ("diff.external", "TRAP"), ("diff.evil.command", "TRAP"), ("diff.evil.textconv", "TRAP")
    ),
    "pager and editor": configured(("core.pager", "TRAP"), ("core.editor", "TRAP"), ("pager.status", "TRAP")),
    "transport": configured(("core.sshCommand", "TRAP"), ("core.gitProxy", "TRAP"), ("credential.helper", "!TRAP")),
    "signatures": configured(("gpg.program", "TRAP"), ("log.showSignature", "true"), ("commit.gpgSign", "true")),
    "aliases": configured(("alias.status", "!TRAP"), ("alias.ls-tree", "!TRAP")),
    "refs": configured(("core.alternateRefsCommand", "TRAP")),
    "askpass": configured(("core.askPass", "TRAP")),
    "promisor": promisor,
}


@pytest.mark.parametrize("name", TRAPS)
def test_reading_and_delivering_run_nothing(checkout: Checkout, home: Path, tmp_path: Path, name: str) -> None:
    checkout.commit({"data.txt": "data\n"})
    sprung = tmp_path / "sprung"
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\ntouch {sprung}\ncat\n")
    script.chmod(0o755)
    TRAPS[name](checkout, str(script))
    checkout.write("pkg/mod.py", "def f():\n    return 2\n")
    os.utime(checkout.path / "README", (1, 1))
    sprung.unlink(missing_ok=True)  # The trap's own setting up may have sprung it.
    expected = pytest.raises(UserError, match="fetch it completely") if name == "promisor" else nullcontext()
    with expected:
        take_snapshot(str(checkout.path), home=home)
    patch = parse_patch(make_patch({"data.txt": b"data\n"}, {"data.txt": b"more\n"}))
    make_branch(checkout.path, "hasten/x", commits(patch, "message"))
    if name not in ("filter clean", "filter process", "filter smudge"):
        apply_to_checkout(checkout.path, patch)
    assert not sprung.exists()


def test_the_traps_do_spring_for_a_careless_reader(checkout: Checkout, tmp_path: Path) -> None:
    """Otherwise the test above would prove nothing."""
    sprung = tmp_path / "sprung"
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\ntouch {sprung}\ncat\n")
    script.chmod(0o755)
    for name in ("fsmonitor", "include", "includeIf", "filter clean"):
        TRAPS[name](checkout, str(script))
        os.utime(checkout.path / "README", (1, 1))
        sprung.unlink(missing_ok=True)
        subprocess.run(["git", "status"], cwd=checkout.path, capture_output=True, check=False)
        assert sprung.exists(), name


def test_alternates_are_not_followed(checkout: Checkout, make_checkout: Callable[[str], Checkout], home: Path) -> None:
    other = make_checkout("other")
    commit = other.commit({"secret.txt": "secret\n"})
    checkout.write(".git/objects/info/alternates", f"{other.path}/.git/objects\n")
    checkout.write(".git/refs/heads/stolen", f"{commit}\n")
    with pytest.raises(UserError, match="borrows objects"):
        take_snapshot(str(checkout.path), ref="stolen", home=home)


def test_an_embedded_bare_repository_is_only_files(checkout: Checkout, home: Path, tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    bare = checkout.path / "evil"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    (bare / "config").write_text(f'[core]\n\tbare = true\n\tfsmonitor = "touch {sprung}; false"\n\tworktree = "/"\n')
    (bare / "refs/keep").touch()
    (bare / "objects/keep").touch()
    checkout.git("add", "-A", "-f")
    checkout.git("commit", "-q", "-m", "evil")
    snapshot = take_snapshot(str(bare), home=home)
    assert snapshot.subdirectory == "evil"
    assert snapshot.commit == checkout.git("rev-parse", "HEAD")
    assert not sprung.exists()


def test_a_git_directory_inside_the_tree_is_refused(checkout: Checkout, home: Path) -> None:
    blob = checkout.git("hash-object", "-w", "--stdin")
    inner = _mktree(checkout, f"100644 blob {blob}\tconfig")
    root = _mktree(checkout, f"040000 tree {inner}\t.GIT")
    commit = checkout.git("commit-tree", root, "-m", "evil")
    checkout.git("update-ref", "refs/heads/evil", commit)
    with pytest.raises(UserError, match="git directory"):
        take_snapshot(str(checkout.path), ref="evil", home=home)


@pytest.mark.parametrize("mode", ["100644", "120000"])
def test_a_tree_that_names_a_path_twice_cannot_write_through_a_link(
    checkout: Checkout, home: Path, tmp_path: Path, mode: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    checkout.write("target", str(outside))
    link = checkout.git("hash-object", "-w", "target")
    blob = checkout.git("hash-object", "-w", "README")
    inner = _mktree(checkout, f"{mode} blob {blob}\tplanted")
    entries = [("120000", link, "d"), ("40000", inner, "d")]
    raw = b"".join(f"{kind} {name}".encode() + b"\0" + bytes.fromhex(oid) for kind, oid, name in entries)
    (tmp_path / "raw").write_bytes(raw)
    root = checkout.git("hash-object", "-w", "-t", "tree", "--literally", str(tmp_path / "raw"))
    checkout.git("update-ref", "refs/heads/evil", checkout.git("commit-tree", root, "-m", "evil"))
    with pytest.raises(UserError, match="more than once"):
        take_snapshot(str(checkout.path), ref="evil", home=home)
    assert not list(outside.iterdir())


def test_objects_that_are_not_what_their_names_say_are_refused(checkout: Checkout, home: Path) -> None:
    checkout.write("other", "forged\n")
    forged = checkout.git("hash-object", "-w", "other")
    honest = checkout.git("rev-parse", "HEAD:README")
    objects = checkout.path / ".git/objects"
    place = objects / honest[:2] / honest[2:]
    place.unlink()
    place.write_bytes((objects / forged[:2] / forged[2:]).read_bytes())
    with pytest.raises((UserError, GitFailedError)):
        take_snapshot(str(checkout.path), home=home)
    assert not [tree for tree in (home / "trees").iterdir() if (tree / "README").exists()]


def test_the_callers_variables_cannot_soften_git(tmp_path: Path) -> None:
    git = Git(
        env={"GIT_ALLOW_PROTOCOL": "file:ext", "GIT_CONFIG_GLOBAL": "/x", "HOME": "/root", "GIT_SSL_CAINFO": "/ca"}
    )
    environment = git._environment()
    assert {name: environment[name] for name in HARDENED_ENV} == dict(HARDENED_ENV)
    assert environment["GIT_SSL_CAINFO"] == "/ca"
    for url in (f"file://{tmp_path}", f"ext::touch {tmp_path}/sprung", "ssh://localhost/x", "git://localhost/x"):
        with pytest.raises(GitFailedError, match="not allowed"):
            git.run("ls-remote", "--", url)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    "name", [".git ", ".GIT.", "git~1", "GIT~1", ".g\u200cit", ".git::$INDEX_ALLOCATION", "\ufeff.git"]
)
def test_other_spellings_of_a_git_directory_are_refused(checkout: Checkout, home: Path, name: str) -> None:
    blob = checkout.git("hash-object", "-w", "--stdin")
    inner = _mktree(checkout, f"100644 blob {blob}\tconfig")
    root = _mktree(checkout, f"040000 tree {inner}\t{name}")
    checkout.git("update-ref", "refs/heads/evil", checkout.git("commit-tree", root, "-m", "evil"))
    with pytest.raises(UserError, match="git directory"):
        take_snapshot(str(checkout.path), ref="evil", home=home)
    with pytest.raises(PatchError, match="git directory"):
        parse_patch(f"--- /dev/null\n+++ b/{name}/config\n@@ -0,0 +1 @@\n+x\n")


def test_names_that_differ_in_case_alone_stay_two_files(checkout: Checkout, home: Path) -> None:
    checkout.commit({"Case.txt": "upper\n", "case.txt": "lower\n", "CON.py": "x = 1\n", "nul": "n\n"})
    tree = take_snapshot(str(checkout.path), home=home).tree
    assert [(tree / name).read_text() for name in ("Case.txt", "case.txt", "nul")] == ["upper\n", "lower\n", "n\n"]


def test_a_tree_that_unfolds_without_end_is_given_up(checkout: Checkout, home: Path) -> None:
    """Ten folders of ten folders of ten ...: a few kilobytes that list a hundred million files."""
    blob = checkout.git("hash-object", "-w", "README")
    tree = _mktree(checkout, *(f"100644 blob {blob}\tf{number}" for number in range(10)))
    for _ in range(7):
        tree = _mktree(checkout, *(f"040000 tree {tree}\td{number}" for number in range(10)))
    checkout.git("update-ref", "refs/heads/bomb", checkout.git("commit-tree", tree, "-m", "bomb"))
    began = time.monotonic()
    with pytest.raises(UserError, match="too large: more than 1000 files"):
        take_snapshot(str(checkout.path), ref="bomb", home=home, limits=TreeLimits(files=1000))
    assert time.monotonic() - began < 30, "it is not listed to its end"


def _mktree(checkout: Checkout, *lines: str) -> str:
    done = subprocess.run(
        ["git", "mktree"],
        cwd=checkout.path,
        input="".join(f"{line}\n" for line in lines).encode(),
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()
