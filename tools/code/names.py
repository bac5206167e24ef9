"""Where a name comes from: through scopes, imports, re-exports and star imports, from file to file."""

import ast
import builtins
from dataclasses import dataclass

from tools.code.scopes import Binding, Broken, How, Scope, SourceFile
from tools.code.source_file import source_file
from tools.code.tree import CodeTree
from tools.code.values import Foreign, Module, Symbol, Unknown

BUILTINS = frozenset(dir(builtins))
MOST_CHARACTERS = 5_000_000
"""Of the files that are taken apart for one question; what lies beyond is unknown."""
PASSED_ON = (How.IMPORTED, How.FROM)


@dataclass(frozen=True, eq=False)
class Place:
    """A name in the scope that binds it."""

    scope: Scope
    name: str

    @property
    def symbol(self) -> Symbol:
        """What the name stands for, as one thing."""
        return Symbol(self.scope.path, ".".join(part for part in (self.scope.qualname, self.name) if part))

    @property
    def bindings(self) -> list[Binding]:
        """What binds it there, but for imports."""
        return [one for one in self.scope.bindings.get(self.name, ()) if one.how not in PASSED_ON]


Origin = Place | Module | Foreign | Unknown


class Names:
    """Follows names through one tree."""

    def __init__(self, tree: CodeTree, *, libraries: bool = False) -> None:
        """Without `libraries` whatever comes from one is Foreign and none of its files is read."""
        self.tree = tree
        self.libraries = libraries
        self._left = MOST_CHARACTERS
        self._files: dict[str, SourceFile | None] = {}
        self._members: dict[tuple[str, str], list[Origin]] = {}

    def file(self, path: str) -> SourceFile | None:
        """A Python file taken apart; None where there is none that parses."""
        if path not in self._files:
            text = self.tree.text(path)
            # Counted whether it is at hand or not: the same question has the same answer whatever was asked before.
            self._left -= len(text or "")
            found = None if text is None or self._left < 0 else source_file(path, text)
            self._files[path] = None if isinstance(found, Broken) else found
        return self._files[path]

    @property
    def is_spent(self) -> bool:
        """Whether more was asked for than is taken apart for one question."""
        return self._left < 0

    def origins(self, scope: Scope, name: str) -> list[Origin]:
        """Where a name that is used in a scope comes from."""
        around: Scope | None = scope
        while around is not None:
            # Names of a class body are not seen from its methods.
            if name in around.bindings and (not around.is_class or around is scope):
                return self._of_scope(around, name, set())
            if around.parent is None:
                found = self._through_stars(around, name, set())
                if found:
                    return found
            around = around.parent
        return [Foreign(name)] if name in BUILTINS else [Unknown()]

    def member(self, path: str, name: str, seen: set[tuple[str, str]] | None = None) -> list[Origin]:
        """Where a module's attribute comes from; empty where the module has none of that name."""
        key = (path, name)
        if seen is not None:
            return self._member(path, name, seen)
        if key not in self._members:
            self._members[key] = self._member(path, name, set())
        return self._members[key]

    def _member(self, path: str, name: str, seen: set[tuple[str, str]]) -> list[Origin]:
        if (path, name) in seen:
            return []
        seen.add((path, name))
        file = self.file(path)
        if file is None:
            return [Unknown()]
        if name in file.scope.bindings:
            return self._of_scope(file.scope, name, seen)
        found = self._through_stars(file.scope, name, seen)
        if found:
            return found
        if path.endswith("__init__.py"):
            below = self.tree.find(f"{self.tree.module(path)}.{name}")
            if below is not None:
                return [self._module(below)]
        return [Unknown()] if "__getattr__" in file.scope.bindings else []

    def module_origin(self, module: str, importer: str) -> Origin:
        """What an imported module is; dots at its beginning count from the importing file."""
        absolute = self.absolute(module, importer)
        path = None if absolute is None else self.tree.find(absolute, "" if module.startswith(".") else importer)
        return Foreign(module) if path is None else self._module(path)

    def absolute(self, module: str, importer: str) -> str | None:
        """A module's full name; None where its dots lead out of every package."""
        level = len(module) - len(module.lstrip("."))
        if not level:
            return module
        package = self.tree.module(importer).split(".")
        if not importer.endswith("__init__.py"):
            package = package[:-1]
        if level - 1 > len(package):
            return None
        package = package[: len(package) - (level - 1)]
        return ".".join(part for part in (*package, module.lstrip(".")) if part)

    def _module(self, path: str) -> Module | Foreign:
        return Module(path) if self.libraries or self.tree.is_own(path) else Foreign(path)

    def _of_scope(self, scope: Scope, name: str, seen: set[tuple[str, str]]) -> list[Origin]:
        found: list[Origin] = []
        for binding in scope.bindings[name]:
            if binding.how is How.IMPORTED:
                found.append(self.module_origin(binding.target, scope.path))
            elif binding.how is How.FROM:
                found += self._imported(binding, scope, seen)
            elif not any(isinstance(one, Place) and one.scope is scope for one in found):
                found.append(Place(scope, name))
        return found

    def _imported(self, binding: Binding, scope: Scope, seen: set[tuple[str, str]]) -> list[Origin]:
        module = self.module_origin(binding.target, scope.path)
        if not isinstance(module, Module):
            return [module]
        found = self.member(module.path, binding.name, seen)
        if not found:  # `from . import sibling` where the package has no __init__.py
            dots = binding.target if binding.target.endswith(".") else f"{binding.target}."
            found = [self.module_origin(f"{dots}{binding.name}", scope.path)]
        return found

    def _through_stars(self, scope: Scope, name: str, seen: set[tuple[str, str]]) -> list[Origin]:
        found: list[Origin] = []
        for star in reversed(scope.stars):
            module = self.module_origin(star, scope.path)
            if not isinstance(module, Module):
                continue
            text = self.tree.text(module.path) or ""
            # Most modules of a large package need not be parsed.
            if (name in text or "import *" in text) and _exported(self.file(module.path), name):
                found += self.member(module.path, name, seen)
            if found:
                break
        return found


def _exported(file: SourceFile | None, name: str) -> bool:
    """Whether a star import brings a name along."""
    if file is None:
        return True
    listed = file.scope.bindings.get("__all__", ())
    if len(listed) == 1 and isinstance(listed[0].value, ast.List | ast.Tuple):
        names = [part.value for part in listed[0].value.elts if isinstance(part, ast.Constant)]
        if len(names) == len(listed[0].value.elts):
            return name in names
    return not name.startswith("_")
