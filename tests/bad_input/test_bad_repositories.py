"""A source that cannot be used, or that would do harm: one sentence, or a job as any other."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from promises import Said, commit

from tools.git import take
from tools.git.listing import TreeLimits

Make = Callable[..., Path]
Call = Callable[..., Said]


def test_no_repository(tmp_path: Path, hasten: Call) -> None:
    (tmp_path / "a file").touch()
    (tmp_path / "empty").mkdir()
    for name, sentence in {
        "nowhere": "does not exist",
        "a file": "is a file; give the repository's folder",
        "empty": "holds no files: name a folder",
    }.items():
        said = hasten("profile", tmp_path / name)
        assert (said.code, sentence in said.last) == (2, True), said


def test_no_commit(tmp_path: Path, hasten: Call) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path / "p")], check=True)
    said = hasten("profile", tmp_path / "p")
    assert said.code == 2
    assert f"{tmp_path}/p has no commit yet: commit the files first" in said.last


def test_wrong_ref_and_wrong_folder(project: Make, hasten: Call) -> None:
    folder = project()
    said = hasten("profile", folder, "--ref", "nope")
    assert (said.code, said.last) == (2, f"hasten: There is no branch, tag or commit 'nope' in {folder}; it has main.")
    said = hasten("profile", folder, "--subdirectory", "nope")
    assert said.code == 2
    assert "has no folder 'nope'; the path begins at the repository's root" in said.last


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (TreeLimits(files=3), "more than 3 files; take the project alone to a folder of its own"),
        (TreeLimits(file_bytes=1 << 20), "holds big.bin, too large (over 1 MiB); name a commit without it"),
        (TreeLimits(total_bytes=1 << 20), "over 1 MiB of files; take the project alone"),
    ],
)
@pytest.mark.parametrize("git", [True, False])
def test_a_huge_one(
    project: Make, hasten: Call, monkeypatch: pytest.MonkeyPatch, limits: TreeLimits, sentence: str, git: bool
) -> None:
    monkeypatch.setattr(take, "TreeLimits", lambda: limits)
    said = hasten("profile", project({"big.bin": bytes(3 << 20), "c.txt": "c", "d.txt": "d"}, git=git))
    assert said.code == 1
    assert (sentence if git else "too large") in said.last
    assert "take the project alone" in said.last or "name a commit" in said.last


def test_a_long_history(project: Make, hasten: Call) -> None:
    folder = project()
    lines = ["feature done"]
    for number in range(3000):
        lines += [
            f"commit refs/heads/main\ncommitter A <a@b> {1700000000 + number} +0000\ndata 1\nx",
            *(["from refs/heads/main^0"] if not number else []),
            f"M 100644 inline n.txt\ndata {len(str(number))}\n{number}",
        ]
    subprocess.run(
        ["git", "fast-import", "--quiet"], cwd=folder, input="\n".join(lines) + "\ndone\n", text=True, check=True
    )
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=folder, check=True)
    assert hasten("profile", folder).code == 0


def test_a_hostile_git_directory_runs_nothing(project: Make, hasten: Call, tmp_path: Path) -> None:
    mark = tmp_path / "it ran"
    script = f"#!/bin/sh\ntouch '{mark}'\n"
    program = tmp_path / "program"
    program.write_text(script)
    program.chmod(0o755)
    (tmp_path / "more").write_text(f"[core]\n\tfsmonitor = {program}\n")
    folder = project({".gitattributes": "*.py filter=evil diff=evil merge=evil\n"})
    (folder / ".git/config").write_text(
        f"[core]\n\trepositoryformatversion = 0\n\tfsmonitor = {program}\n\tsshCommand = {program}\n"
        f"\tpager = {program}\n"
        f'\thooksPath = {tmp_path}\n[filter "evil"]\n\tsmudge = {program}\n\tclean = {program}\n\trequired = true\n'
        f'[diff "evil"]\n\ttextconv = {program}\n\tcommand = {program}\n[alias]\n\tls-tree = !{program}\n'
        f"[include]\n\tpath = {tmp_path}/more\n[uploadpack]\n\tpackObjectsHook = {program}\n"
    )
    for name in ("post-checkout", "pre-commit", "post-index-change", "reference-transaction"):
        hook = folder / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(script)
        hook.chmod(0o755)
    said = hasten("profile", folder)
    assert not mark.exists()
    assert said.code == 0


def test_objects_of_another_repository_are_not_read(project: Make, hasten: Call, tmp_path: Path) -> None:
    folder = project()
    other = tmp_path / "other"
    subprocess.run(["git", "clone", "-q", "--bare", str(folder), str(other)], check=True)
    (folder / ".git/objects/info/alternates").write_text(f"{other}/objects\n")
    said = hasten("profile", folder)
    assert said.code == 1
    assert "borrows" in said.last or "alternates" in said.last


def test_a_repository_within_the_repository_is_data(project: Make, hasten: Call, tmp_path: Path) -> None:
    mark = tmp_path / "it ran"
    config = f"[core]\n\tbare = true\n\trepositoryformatversion = 0\n\tfsmonitor = touch '{mark}'\n"
    folder = project(
        {"inner/HEAD": "ref: refs/heads/main\n", "inner/config": config, "inner/objects/x": "", "inner/refs/x": ""}
    )
    said = hasten("profile", folder)
    assert said.code == 0
    assert not mark.exists()


def test_links_that_lead_out(project: Make, hasten: Call, tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("SECRET = 1\n")
    folder = project(git=False)
    (folder / "out.py").symlink_to(secret)
    (folder / "passwd").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to("loop")
    (folder / "tests/test_links.py").write_text(
        "import os\ndef test_out(): assert not os.path.lexists('out.py') and not os.path.lexists('passwd')\n"
    )
    commit(folder)
    said = hasten("profile", folder)
    assert said.code == 0
    assert "2 tests pass" in said.err


def test_names_and_files_that_are_not_utf_8(project: Make, hasten: Call) -> None:
    folder = project(
        {"latin.py": b's = "\xe9"\n', "declared.py": b'# -*- coding: latin-1 -*-\ns = "\xe9"\n'}, git=False
    )
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.py")).write_text("x = 1\n")
    (folder / "tests/test_names.py").write_text("import declared\ndef test_it(): assert declared.s == chr(0xe9)\n")
    commit(folder)
    said = hasten("profile", folder)
    assert said.code == 0
    assert "2 tests pass" in said.err
