"""Lays out a container's mounts and puts them where the engine finds them; a small process of its own.

They are laid out in a private mount namespace, as bubblewrap's are, and then moved into the host's: only the finished
mounts are ever seen there.
"""

from __future__ import annotations

import marshal
import os
import sys

from tools.sandbox import kernel, staging


def main() -> None:
    """Read a layout and the places of its mounts from standard input, and do it; errors go to standard error."""
    layout, places = marshal.load(sys.stdin.buffer)
    try:
        host = os.open("/proc/self/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
        staging.stage(layout)
        trees = [_finished(index, mode) for index, (_, _, mode) in enumerate(layout["mounts"])]
        kernel.enter(host, kernel.CLONE_NEWNS)
        for (tree, is_folder), place in zip(trees, places, strict=True):
            if is_folder:
                os.mkdir(place)
            else:
                staging.write(place, "")
            kernel.attach(tree, place)
    except (OSError, ValueError) as error:
        sys.exit(str(error))


def _finished(index: int, mode: str) -> tuple[int, bool]:
    """One mount, detached, and whether it is a folder."""
    staged = staging.staged(index)
    tree = kernel.clone_tree(staged)
    if mode == "ro":
        kernel.set_tree(tree, kernel.MOUNT_ATTR_RDONLY)
    return tree, os.path.isdir(staged)
