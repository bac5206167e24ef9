"""Who uses a name of C or C++ code, by syntax alone."""

import re
from collections.abc import Callable

from tools.code.definition import Definition
from tools.code.native import native_items, native_uses
from tools.code.reference import Reference, References, shown_order
from tools.code.tree import CodeTree


def native_references(tree: CodeTree, definition: Definition, within: Callable[[str], bool]) -> References:
    """Sure where the repository has one such name and it is not behind `.` or `->`."""
    name = re.split(r"::", definition.qualname)[-1]
    paths = tree.holding(tree.native, name)
    items = [one for path in paths for one in native_items(path, tree.text(path) or "")]
    same = [one for one in items if one.qualname.rpartition("::")[2] == name and one.kind != "macro"]
    own = next((one for one in same if one.path == definition.path and one.qualname == definition.qualname), None)
    only = len({one.qualname for one in same}) <= 1 and len([one for one in same if one.static]) <= 1
    found = []
    for path in filter(within, paths):
        for use in native_uses(path, tree.text(path) or "", name):
            if use.local or (own is not None and own.static and path != own.path):
                continue
            sure = not use.of_object and (only or (path == definition.path and bool(own and own.static)))
            why = "" if sure else "what it is called on is not known" if use.of_object else "several have this name"
            found.append(Reference(path=path, line=use.line, function=use.function, kind=use.kind, sure=sure, why=why))
    return References(definition=definition, found=sorted(set(found), key=shown_order))
