"""Files that a build left in its copy of the tree, taken out with care: whatever wrote them is not to be trusted."""

import os
import shutil
import stat
from collections.abc import Collection
from pathlib import Path

SKIPPED_FOLDERS = {"__pycache__", "build", "dist", ".git", ".pytest_cache", ".eggs", "target"}
BUILD_FOLDERS = ("build", "dist", "target")
"""Of the skipped ones, those that hold what the project's own build command makes."""
MOST_BYTES = 512 * 1024 * 1024
MOST_FILES = 20_000


def collect_generated(before: Path, after: Path, destination: Path, *, kept: Collection[str] = ()) -> tuple[str, ...]:
    """Copy files that exist only in `after` to `destination`, keeping their paths; a sentence for each thing left out.

    Only new regular files are taken: a changed one would overwrite what a candidate edits, and a link could lead
    anywhere. Folders that are usually skipped are looked into where they are `kept`. Nothing may still be writing to
    `after`.
    """
    notes: list[str] = []
    size = count = 0
    destination.mkdir(parents=True)
    for place, folders, files in os.walk(after):
        folders[:] = sorted(
            name
            for name in folders
            if (name in kept or name not in SKIPPED_FOLDERS) and not Path(place, name).is_symlink()
        )
        for name in sorted(files):
            path = Path(place, name)
            relative = path.relative_to(after)
            status = path.lstat()
            if os.path.lexists(before / relative) or path.suffix == ".pyc":
                continue
            size, count = size + status.st_size, count + 1
            if not stat.S_ISREG(status.st_mode):
                notes.append(f"The build left {relative.as_posix()}, which is not a regular file; it is passed over.")
            elif size > MOST_BYTES or count > MOST_FILES:
                return (*notes, "The build left more files in the tree than are kept; the rest is passed over.")
            else:
                target = destination / relative
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target, follow_symlinks=False)
                target.chmod(0o755 if status.st_mode & stat.S_IXUSR else 0o644)
    return tuple(notes)


def take_over(folder: Path) -> None:
    """Make everything below a folder ours, readable by all, without set-id bits; links are never followed."""
    user, group = os.geteuid(), os.getegid()
    for place, folders, files in os.walk(folder):
        for path in (Path(place), *(Path(place, name) for name in (*folders, *files))):
            status = path.lstat()
            if status.st_uid != user:
                os.chown(path, user, group, follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode):
                runnable = stat.S_ISDIR(status.st_mode) or status.st_mode & stat.S_IXUSR
                path.chmod(0o755 if runnable else 0o644)


def remove(folder: Path) -> None:
    """Remove a folder that a build wrote, also where it took its own permissions away."""
    if folder.is_dir():
        take_over(folder)
        shutil.rmtree(folder)
