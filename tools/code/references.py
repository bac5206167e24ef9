"""Who uses a function, class, method or variable: sure where the text tells, possible where it cannot."""

import ast
import re
from collections.abc import Callable, Container, Iterable, Iterator

from tools.code.aliases import aliases, files_deriving, files_with
from tools.code.definition import Definition
from tools.code.inference import Inference
from tools.code.kept import uncollected
from tools.code.names import Place
from tools.code.native_references import native_references
from tools.code.reference import Reference, References, shown_order
from tools.code.scopes import FunctionNode, SourceFile, Use
from tools.code.tree import CodeTree, standing_of
from tools.code.values import Class, Function, Instance, Parent, Symbol, Unknown, Value
from tools.code.written import written

MOST_CHARACTERS = {"family": 1_000_000, "uses": 2_000_000}
"""Of source that is taken apart for one question; beyond it, files are only searched for the word."""
SHORTEST_PART = 3
"""Characters of a name that must be written out where the rest is computed."""
DYNAMIC = frozenset({"getattr", "hasattr", "setattr", "delattr", "methodcaller", "attrgetter"})
DYNAMIC_NAME = re.compile(
    r"""(?:getattr|methodcaller|attrgetter)\([^()\n]{0,80}?(?:\bf?["']([A-Za-z_]\w{2,})["'{%]|["'}]([A-Za-z_]\w{2,})["'])"""
)


@uncollected()
def find_references(
    tree: CodeTree, definition: Definition, within: Callable[[str], bool] = lambda _: True
) -> References:
    """Every use of a definition in the repository's files, or in those that `within` chooses.

    Nothing is run. The same code gives the same answer in the same order, whatever was asked before.
    """
    if not definition.path.endswith((".py", ".pyi", ".pyw")):
        return native_references(tree, definition, within)
    return _Search(tree, definition, within).run()


class _Search:
    def __init__(self, tree: CodeTree, definition: Definition, within: Callable[[str], bool]) -> None:
        self.within = within
        self.tree = tree
        self.definition = definition
        self.inference = Inference(tree, libraries=not tree.is_own(definition.path))
        self.target = definition.symbol
        self.name = definition.qualname.rpartition(".")[2]
        self.references = References(definition=definition, found=[])
        self.left = dict(MOST_CHARACTERS)
        self.counted: set[str] = set()
        self.descendants: list[Class] = []
        """Of the class whose member the target is."""
        self.relevant: list[Class] = []
        """Classes whose instances have the target as it is defined, where it is a class's member."""
        self.owner = self._owner()

    def run(self) -> References:
        if self.owner is not None:
            self._family(self.owner)
        elif self.definition.kind == "class":
            own = self._class(self.target)
            if own is not None:
                self.references.inherited_by = [str(one.symbol) for one in self._descendants(own)]
        names = aliases(self.tree, self.name)
        for file in self._files(self._order(filter(self.within, files_with(self.tree, names))), "uses"):
            for name in names:
                for use in file.uses.get(name, ()):
                    self._judge(use)
        self._dynamic()
        self.references.found = sorted(set(self.references.found), key=shown_order)
        self.references.unread = sorted(set(self.references.unread))
        return self.references

    # ---- whose it is

    def _owner(self) -> Class | None:
        owner = self.target.qualname.rpartition(".")[0]
        return self._class(Symbol(self.target.path, owner)) if owner else None

    def _class(self, symbol: Symbol) -> Class | None:
        file = self.inference.file(symbol.path)
        scopes = file.definitions.get(symbol.qualname, []) if file else []
        return next((Class(*symbol, scope) for scope in scopes if scope.is_class), None)

    def _family(self, owner: Class) -> None:
        """The classes around a method: which have it, which override it, which it overrides."""
        line, _ = self.inference.line(owner)
        self.references.overrides = [
            f"{base.path}:{base.qualname}.{self.name}" for base in line[1:] if self.name in base.scope.bindings
        ]
        self.descendants = self._descendants(owner)
        for cls in [owner, *self.descendants]:
            member = self.inference.class_member(cls, self.name)
            if member is None:
                continue
            if member[0].symbol == owner.symbol:
                self.relevant.append(cls)
                if cls.symbol != owner.symbol:
                    self.references.inherited_by.append(str(cls.symbol))
            elif member[0].symbol == cls.symbol:
                self.references.overridden_by.append(f"{cls.path}:{cls.qualname}.{self.name}")

    def _descendants(self, cls: Class) -> list[Class]:
        """The classes of the repository that inherit from a class, at any remove."""
        found: dict[Symbol, Class] = {}
        waiting = [cls]
        while waiting:
            one = waiting.pop()
            near = files_deriving(self.tree, aliases(self.tree, one.qualname.rpartition(".")[2]))
            for file in self._files(self._order(near), "family"):
                for inner in self._classes(file, near[file.path]):
                    if inner.symbol in found or inner.symbol == cls.symbol:
                        continue
                    if any(base.symbol == one.symbol for base in self.inference.bases(inner)[0]):
                        found[inner.symbol] = inner
                        waiting.append(inner)
        return [found[symbol] for symbol in sorted(found, key=lambda one: (standing_of(one.path), one))]

    def _classes(self, file: SourceFile, names: Container[str]) -> Iterator[Class]:
        for qualname, scopes in file.definitions.items():
            for scope in scopes:
                if scope.is_class and qualname.rpartition(".")[2] in names:
                    yield Class(file.path, qualname, scope)

    # ---- which files

    def _order(self, paths: Iterable[str]) -> list[str]:
        """The target's own file first, then its neighbours, the rest of the code, tests last."""
        folder = self.target.path.rpartition("/")[0]

        def key(path: str) -> tuple[bool, int, bool, str]:
            return path != self.target.path, standing_of(path), not path.startswith(folder), path

        return sorted(paths, key=key)

    def _files(self, paths: Iterable[str], purpose: str) -> Iterator[SourceFile]:
        """The files taken apart, as far as there is room."""
        for path in paths:
            text = self.tree.text(path) or ""
            if path not in self.counted and self.left[purpose] < len(text) and path != self.target.path:
                self.references.unread.append(path)
                continue
            # The same whether the file is at hand from an earlier question or not: answers must not depend on that.
            self.left[purpose] -= 0 if path in self.counted else len(text)
            self.counted.add(path)
            file = self.inference.file(path)
            if file is None:
                known = self.references.unread if self.inference.is_spent else self.references.broken
                if path not in known:
                    known.append(path)
            else:
                yield file

    # ---- what a use is

    def _judge(self, use: Use) -> None:
        sure: bool | None = None
        why = ""
        if use.kind == "export":
            sure = self._is_exported(use) or None
        elif isinstance(use.node, ast.Name):
            sure = self._name_is(use, use.node.id)
        elif isinstance(use.node, ast.alias):
            sure = self._import_is(use)
        elif isinstance(use.node, ast.Attribute):
            sure, why = self._attribute_is(use, use.node)
        if sure is not None:
            self._add(use, sure=sure, why=why)

    def _name_is(self, use: Use, name: str) -> bool | None:
        node = use.node
        assert isinstance(node, ast.Name)
        origins = self.inference.origins(use.scope, name)
        if any(isinstance(origin, Place) and origin.symbol == self.target for origin in origins):
            return True
        if self._stands_for(self.inference.of_name(use.scope, name)) and use.kind != "write":
            return True
        return None

    def _import_is(self, use: Use) -> bool | None:
        node = use.node
        assert isinstance(node, ast.alias)
        if "." in self.target.qualname:
            return None
        bound = [one for one in use.scope.bindings.get(node.asname or node.name, ()) if one.node is node]
        origins = [origin for _ in bound for origin in self.inference.origins(use.scope, node.asname or node.name)]
        hit = any(isinstance(origin, Place) and origin.symbol == self.target for origin in origins)
        return True if hit else None

    def _is_exported(self, use: Use) -> bool:
        assert isinstance(use.node, ast.Constant)
        origins = self.inference.member(use.scope.path, str(use.node.value))
        return any(isinstance(origin, Place) and origin.symbol == self.target for origin in origins)

    def _attribute_is(self, use: Use, node: ast.Attribute) -> tuple[bool | None, str]:
        receivers = self.inference.infer(node.value, use.scope)
        symbols, values = self.inference.attribute(receivers, node.attr)
        if self.target in symbols or (self._stands_for(values) and use.kind != "write"):
            return True, ""
        if self.owner is None:
            return None, ""
        for receiver in receivers:
            why = self._may_dispatch(receiver)
            if why:
                return False, why
        return None, ""

    def _may_dispatch(self, receiver: Value) -> str:
        """Why a member of this receiver may be the target after all; empty where it cannot be."""
        if isinstance(receiver, Unknown):
            return "what it is called on is not known"
        if isinstance(receiver, Parent):
            return self._may_be_next(receiver.of)
        if isinstance(receiver, Instance):
            cls, exact = receiver.of, receiver.exact
        elif isinstance(receiver, Class):
            cls, exact = receiver, receiver.exact
        else:
            return ""
        if exact:
            return "it has attributes that its classes do not show" if self._hidden(receiver) else ""
        for one in self.relevant:
            line, _ = self.inference.line(one)
            if one.symbol != cls.symbol and any(base.symbol == cls.symbol for base in line):
                return f"where it is a {one.qualname}"
        return "it has attributes that its classes do not show" if self._hidden(receiver) else ""

    def _may_be_next(self, cls: Class) -> str:
        """Whether `super()` in a class comes to the target in a class that inherits from several."""
        for one in self.descendants:
            line, _ = self.inference.line(one)
            after = [base for base in line[_position(line, cls) + 1 :] if self.name in base.scope.bindings]
            if self.owner and _position(line, cls) < len(line) and after and after[0].symbol == self.owner.symbol:
                return f"where it is a {one.qualname}"
        return ""

    def _hidden(self, receiver: Class | Instance | Parent) -> bool:
        return self.inference.class_member(receiver, self.name) is None and self.inference.is_open(receiver)

    def _stands_for(self, values: Iterable[Value]) -> bool:
        return any(isinstance(value, Class | Function) and value.symbol == self.target for value in values)

    # ---- names in strings

    def _dynamic(self) -> None:
        """`getattr(thing, "name")` and the like, also where only the beginning or the end of the name is written."""
        words = ("getattr(", "methodcaller", "attrgetter")
        paths = [
            path
            for path in self.tree.python
            if (text := self.tree.text(path))
            and any(word in text for word in words)
            and any(self._fits(*found) for found in DYNAMIC_NAME.findall(text))
        ]
        for file in self._files(self._order(filter(self.within, paths)), "uses"):
            for use in (one for word in DYNAMIC for one in file.uses.get(word, ()) if one.kind == "call"):
                call = _call_of(file, use)
                parts = [written(part) for part in call.args] if call else []
                if any(self._fits(start, end) for start, end in parts):
                    self._add(use, sure=False, why="the name is in a string", kind="string")

    def _fits(self, start: str, end: str) -> bool:
        if start == end:
            return start == self.name
        told = max(len(start), len(end)) >= SHORTEST_PART
        return told and self.name.startswith(start) and self.name.endswith(end)

    def _add(self, use: Use, *, sure: bool, why: str = "", kind: str = "") -> None:
        own = self.definition
        if use.kind == "write" and use.scope.path == own.path and own.first_line <= use.line <= own.last_line:
            return
        around = use.scope
        while around.parent is not None and not isinstance(around.node, FunctionNode | ast.ClassDef):
            around = around.parent
        self.references.found.append(
            Reference(
                path=use.scope.path, line=use.line, function=around.qualname, kind=kind or use.kind, sure=sure, why=why
            )
        )


def _position(line: list[Class], cls: Class) -> int:
    return next((index for index, one in enumerate(line) if one.symbol == cls.symbol), len(line))


def _call_of(file: SourceFile, use: Use) -> ast.Call | None:
    return next((node for node in ast.walk(file.tree) if isinstance(node, ast.Call) and node.func is use.node), None)
