"""What is taken out of a tree that a build wrote, and what is not."""

import os
from pathlib import Path

from tools.recipe.generated import collect_generated, remove, take_over


def test_only_new_regular_files_are_taken(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        (folder / "pkg").mkdir(parents=True)
        (folder / "pkg" / "code.py").write_text("x = 1\n")
    (after / "pkg" / "code.py").write_text("x = 2\n")
    (after / "pkg" / "_version.py").write_text("version = '1'\n")
    (after / "pkg" / "fast.so").write_bytes(b"\x7fELF")
    (after / "pkg" / "fast.so").chmod(0o4755)
    (after / "pkg" / "__pycache__").mkdir()
    (after / "pkg" / "__pycache__" / "code.pyc").write_bytes(b"")
    (after / "secret").symlink_to("/etc/shadow")
    (after / "outside").symlink_to("/etc", target_is_directory=True)
    os.mkfifo(after / "pipe")

    notes = collect_generated(before, after, tmp_path / "generated")

    found = {path.relative_to(tmp_path / "generated").as_posix() for path in (tmp_path / "generated").rglob("*.*")}
    assert found == {"pkg/_version.py", "pkg/fast.so"}
    assert (tmp_path / "generated/pkg/fast.so").stat().st_mode & 0o7777 == 0o755
    assert {note.split()[3].rstrip(",") for note in notes} == {"secret", "pipe"}


def test_taking_over_never_follows_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("")
    outside.chmod(0o600)
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "link").symlink_to(outside)
    (tmp_path / "venv" / "tool").write_text("")
    (tmp_path / "venv" / "tool").chmod(0o6711)
    take_over(tmp_path / "venv")
    assert outside.stat().st_mode & 0o7777 == 0o600
    assert (tmp_path / "venv" / "tool").stat().st_mode & 0o7777 == 0o755


def test_a_folder_without_permissions_is_removed_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "left" / "closed").mkdir(parents=True)
    (tmp_path / "left" / "closed" / "file").write_text("")
    (tmp_path / "left" / "closed").chmod(0)
    remove(tmp_path / "left")
    assert not (tmp_path / "left").exists()
