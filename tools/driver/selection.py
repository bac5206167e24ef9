"""Which tests run: all that pytest collects, or those named, whatever characters their names hold and however many.

Names are not passed as arguments: the same arguments give the same root folder, the same conftest files and so the same
names. Files that hold none of the named tests are not imported, and the rest is deselected.
"""

import os


class Selection:
    """The named tests, everything where `ids` is None; without those, and files, that are `left_out`."""

    def __init__(self, ids, left_out=()):
        self._ids = None if ids is None else set(ids)
        self._left_out = set(left_out)
        self._files = {}
        for node_id in ids or ():
            self._files.setdefault(node_id.split("::", 1)[0], len(self._files))

    def ignores(self, path, root):
        """Whether collection can pass over this file or folder."""
        if os.path.isdir(path):
            return False
        name = os.path.relpath(path, root).replace(os.sep, "/")
        if name in self._left_out:
            return True
        if self._ids is None or os.path.basename(path) in ("__init__.py", "conftest.py"):
            return False
        return name not in self._files

    def split(self, items):
        """The items to run, file by file in the order the names were given, and those left out."""
        wanted = [item for item in items if item.nodeid not in self._left_out]
        if self._ids is not None:
            wanted = [item for item in wanted if item.nodeid in self._ids]
            wanted.sort(key=lambda item: self._files[item.nodeid.split("::", 1)[0]])
        kept = {id(item) for item in wanted}
        return wanted, [item for item in items if id(item) not in kept]
