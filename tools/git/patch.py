"""Patches: unified diffs against a snapshot, read, made, applied, taken apart and put together."""

from tools.git.hunks import FilePatch, Hunk, Patch, PatchError, below, drop_hunk, split_hunks
from tools.git.patch_apply import Contents, apply_patch, patched
from tools.git.patch_maker import Conflict, combine, make_patch
from tools.git.patch_reader import parse_patch

__all__ = [
    "Conflict",
    "Contents",
    "FilePatch",
    "Hunk",
    "Patch",
    "PatchError",
    "apply_patch",
    "below",
    "combine",
    "drop_hunk",
    "make_patch",
    "parse_patch",
    "patched",
    "split_hunks",
]
