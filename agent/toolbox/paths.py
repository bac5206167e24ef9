"""Paths that a model names, and what it may have meant."""

import difflib
import posixpath

from tools.code.tree import CodeTree
from tools.errors import ToolError


def file_named(tree: CodeTree, path: str) -> str:
    """The path of a file by its path or its module's name; raises ToolError with paths that are near."""
    path = _plain(path)
    if path in tree:
        return path
    module = tree.find(path) if path and "/" not in path else None
    if module is not None:
        return module
    raise ToolError(f"There is no file {path!r}.{near_paths(tree, path)}")


def is_folder(tree: CodeTree, path: str) -> bool:
    """Whether files stand below the path."""
    path = _plain(path)
    return path in ("", ".") or any(one.startswith(f"{path}/") for one in tree.paths)


def near_paths(tree: CodeTree, path: str) -> str:
    """A sentence with the paths that look most like one that is not there."""
    name = posixpath.basename(path)
    same = [one for one in tree.paths if posixpath.basename(one) == name]
    near = list(dict.fromkeys([*same[:5], *difflib.get_close_matches(path, tree.paths, n=3, cutoff=0.7)]))[:5]
    return f" Did you mean {' or '.join(near)}?" if near else ' outline(path=".") shows what there is.'


def _plain(path: str) -> str:
    return posixpath.normpath(path.strip().removeprefix("/project/")) if path.strip() else ""
