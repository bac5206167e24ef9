"""One side of a comparison on disk: a snapshot's files, a patch, and what the build generated."""

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.git.listing import FORMAT, LAID_OUT_AT_S, make_folder, make_links
from tools.git.patch import Contents, PatchError, apply_patch, parse_patch
from tools.git.paths import shown
from tools.git.snapshot import Snapshot
from tools.git.trees import place_tree

BYTECODE = (".pyc", ".pyo")
PATCHED_WITHIN_S = 100_000_000


def lay_out_side(snapshot: Snapshot, patch_text: str, generated: Path | None, home: Path) -> Path:
    """The folder with the snapshot's files, the patch applied and the generated files laid over, under `home`.

    `generated` holds files by their path in the repository; a file that the patch touches stays as the patch has it.
    What is unchanged is a hard link: never write into the folder. Bytecode is left out, so that every side is compiled
    from its own sources. The same side is laid out once. Raises PatchError where the patch does not apply.
    """
    contents = apply_patch(snapshot.tree, parse_patch(patch_text))
    overlay = dict(_walk(generated)) if generated is not None else {}
    digest = _digest(snapshot, contents, overlay)

    def write(root: Path) -> Sequence[str]:
        kept = {path: place for path, place in _walk(snapshot.tree) if path not in contents}
        laid_over = {path: place for path, place in overlay.items() if path not in contents}
        return _write(root, {**kept, **_fitting(laid_over, {*kept, *contents})}, contents, snapshot.tree)

    return place_tree(home, digest, write)


def _walk(root: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Files and links beneath a folder by path, bytecode left out; nothing else is looked at, no link is followed."""
    waiting = [(root, "")]
    while waiting:
        folder, prefix = waiting.pop()
        with os.scandir(folder) as found:
            for item in found:
                path = prefix + item.name
                if item.is_dir(follow_symlinks=False):
                    if item.name != "__pycache__":
                        waiting.append((Path(item.path), f"{path}/"))
                elif (item.is_file(follow_symlinks=False) or item.is_symlink()) and not path.endswith(BYTECODE):
                    yield path, item


def _fitting(overlay: dict[str, os.DirEntry[str]], paths: set[str]) -> dict[str, os.DirEntry[str]]:
    """The generated files that need no folder where the repository has a file or link, nor the other way round."""
    folders = {parent for path in paths for parent in _parents(path)}
    return {
        path: place
        for path, place in overlay.items()
        if path not in folders and not any(parent in paths for parent in _parents(path))
    }


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _digest(snapshot: Snapshot, contents: Contents, overlay: dict[str, os.DirEntry[str]]) -> str:
    digest = hashlib.sha256(f"side {FORMAT} {snapshot.tree.name}\0".encode())
    for path, content in sorted(contents.items()):
        state = "gone" if content is None else hashlib.sha256(content).hexdigest()
        digest.update(b"patched " + os.fsencode(path) + b"\0" + state.encode())
    for path, item in sorted(overlay.items()):
        status = item.stat(follow_symlinks=False)
        state = f"{status.st_mode} {status.st_size} {status.st_mtime_ns}"
        digest.update(b"generated " + os.fsencode(path) + b"\0" + state.encode())
    return digest.hexdigest()


def _write(root: Path, kept: dict[str, os.DirEntry[str]], contents: Contents, tree: Path) -> list[str]:
    links: list[tuple[str, bytes]] = []
    for path, item in kept.items():
        if item.is_symlink():
            links.append((path, os.readlink(os.fsencode(item.path))))
            continue
        place = root / path
        make_folder(place.parent)
        _link(Path(item.path), place)
    for path, content in contents.items():
        if content is not None:
            _write_patched(root, path, content, tree)
    return make_links(root, links)


def _link(source: Path, place: Path) -> None:
    try:
        os.link(source, place, follow_symlinks=False)
    except OSError:
        # Another file system, or too many links already: a copy is as good.
        shutil.copy2(source, place, follow_symlinks=False)


def _write_patched(root: Path, path: str, content: bytes, tree: Path) -> None:
    place = root / path
    try:
        make_folder(place.parent)
        with place.open("xb") as file:
            file.write(content)
    except (FileExistsError, NotADirectoryError) as error:
        raise PatchError(f"The patch makes {shown(path)} where something else is.", path=path) from error
    before = tree / path
    executable = before.exists() and before.stat().st_mode & stat.S_IXUSR
    place.chmod(0o755 if executable else 0o644)
    # Newer than all that is unpatched, and another for other contents: caches that go by time and size stay right.
    offset_s = int.from_bytes(hashlib.sha256(content).digest()[:8]) % PATCHED_WITHIN_S
    os.utime(place, (LAID_OUT_AT_S + 1 + offset_s, LAID_OUT_AT_S + 1 + offset_s))
