"""What names of a module mean, as far as its text says: imports followed through their aliases."""

import ast
import sys
from collections.abc import Iterator


class Names:
    """Imported names of one module, and the names that stand at its top level."""

    def __init__(self, tree: ast.Module) -> None:
        self._imported: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for name in node.names:
                    whole = name.name if name.asname else name.name.split(".", maxsplit=1)[0]
                    self._imported[name.asname or whole] = whole
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                self._imported.update({name.asname or name.name: f"{node.module}.{name.name}" for name in node.names})
        # A name that nothing binds, as after `from x import *`, is taken for what it says.
        self._bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not _is_load(node)}
        self._bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        assigned = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
        self.top_level = frozenset(name for node in assigned for name in _targets(node))

    def qualified(self, node: ast.expr) -> str | None:
        """`module.attribute` for an expression that names something of a module; None for all else."""
        if isinstance(node, ast.Name):
            return self._imported.get(node.id) or (None if node.id in self._bound else node.id)
        if isinstance(node, ast.Attribute) and (owner := self.qualified(node.value)):
            return f"{owner}.{node.attr}"
        return None

    def is_standard(self, node: ast.expr) -> bool:
        """Whether it is a module of the standard library, or something that stands in one."""
        return (self.qualified(node) or "").split(".", maxsplit=1)[0] in sys.stdlib_module_names


def _is_load(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _targets(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        yield from (name.id for name in ast.walk(target) if isinstance(name, ast.Name))
