"""Who uses a function, class, method or variable: sure where the text tells, possible where it cannot."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tools.code.definition import Definition
from tools.code.inference import Inference
from tools.code.names import Place
from tools.code.native import native_items, native_uses
from tools.code.scopes import FunctionNode, SourceFile, Use
from tools.code.tree import TESTS, CodeTree
from tools.code.values import Class, Function, Instance, Parent, Symbol, Unknown, Value

MOST_READ_BYTES = 3_000_000
"""Of source that is taken apart for one question; beyond it, files are only searched for the word."""
SHORTEST_PART = 3
"""Characters of a name that must be written out where the rest is computed."""
DYNAMIC = frozenset({"getattr", "hasattr", "setattr", "delattr", "methodcaller", "attrgetter"})
DYNAMIC_NAME = re.compile(
    r"""(?:getattr|methodcaller|attrgetter)\([^()\n]{0,80}?(?:\bf?["']([A-Za-z_]\w{2,})["'{%]|["'}]([A-Za-z_]\w{2,})["'])"""
)


@dataclass(frozen=True, kw_only=True, order=True)
class Reference:
    """One place that uses what was asked for, or may."""

    path: str
    line: int
    function: str
    """The qualified name around it; empty at module level."""
    kind: str
    """`call`, `read`, `write`, `import`, `decorator`, `base`, `annotation`, `export`, `override` or `string`."""
    sure: bool
    why: str = ""
    """Of one that is only possible: what is not known."""


@dataclass(kw_only=True)
class References:
    """What was found."""

    definition: Definition
    found: list[Reference]
    inherited_by: list[str] = field(default_factory=list)
    """Classes that have a method from where it is defined, or that derive from a class; `path:Class`."""
    overrides: list[str] = field(default_factory=list)
    """Methods of bases that it takes the place of."""
    overridden_by: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Files that hold the name and were not taken apart, for there are too many."""
    broken: list[str] = field(default_factory=list)
    """Files that hold the name and do not parse."""

    @property
    def sure(self) -> list[Reference]:
        """Those that the text tells for certain."""
        return [one for one in self.found if one.sure]

    @property
    def possible(self) -> list[Reference]:
        """Those that may be something else."""
        return [one for one in self.found if not one.sure]


def find_references(tree: CodeTree, definition: Definition) -> References:
    """Every use of a definition in the repository. Nothing is run; the order and the answer are always the same."""
    if not definition.path.endswith((".py", ".pyi", ".pyw")):
        return _native_references(tree, definition)
    return _Search(tree, definition).run()


class _Search:
    def __init__(self, tree: CodeTree, definition: Definition) -> None:
        self.tree = tree
        self.definition = definition
        self.inference = Inference(tree, libraries=not tree.is_own(definition.path))
        self.target = definition.symbol
        self.name = definition.qualname.rpartition(".")[2]
        self.references = References(definition=definition, found=[])
        self.left_bytes = MOST_READ_BYTES
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
        names = self._aliases(self.name)
        for file in self._files(self._order(self._holding(names))):
            for name in names:
                for use in file.uses.get(name, ()):
                    self._judge(use)
        self._dynamic()
        self.references.found = sorted(set(self.references.found), key=_shown_order)
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
            names = self._aliases(one.qualname.rpartition(".")[2])
            pattern = re.compile(rf"\bclass\s+\w+\s*[\[(][^:]*?\b(?:{'|'.join(names)})\b")
            paths = [path for name in names for path in self.tree.matching(self.tree.python, name, pattern)]
            for file in self._files(self._order(set(paths))):
                for inner in self._classes(file):
                    if inner.symbol in found or inner.symbol == cls.symbol:
                        continue
                    if any(base.symbol == one.symbol for base in self.inference.bases(inner)[0]):
                        found[inner.symbol] = inner
                        waiting.append(inner)
        return [found[symbol] for symbol in sorted(found)]

    def _classes(self, file: SourceFile) -> Iterator[Class]:
        for qualname, scopes in file.definitions.items():
            for scope in scopes:
                if scope.is_class:
                    yield Class(file.path, qualname, scope)

    # ---- which files

    def _aliases(self, name: str) -> list[str]:
        """The name, and those that imports and assignments give to it."""
        names, waiting = [name], [name]
        while waiting:
            one = re.escape(waiting.pop())
            pattern = re.compile(rf"\b{one}[ \t]+as[ \t]+(\w+)|^(\w+)[ \t]*=[ \t]*(?:\w+\.)*{one}[ \t]*$", re.MULTILINE)
            for path in self.tree.python:
                text = self.tree.text(path)
                if text and one in text:
                    given = [alias for pair in pattern.findall(text) for alias in pair if alias]
                    fresh = [alias for alias in dict.fromkeys(given) if alias not in names]
                    names += fresh
                    waiting += fresh
        return names

    def _holding(self, names: list[str]) -> set[str]:
        """Files with the name itself, or with another that was given to it and is imported or an attribute."""
        found = set(self.tree.holding(self.tree.python, self.name))
        for alias in names[1:]:
            pattern = re.compile(
                rf"\bimport\b[^\n]*\b{alias}\b|^[ \t]+{alias}(?:,|[ \t]as[ \t]|$)|\.{alias}\b", re.MULTILINE
            )
            found.update(self.tree.matching(self.tree.python, alias, pattern))
        return found

    def _order(self, paths: Iterable[str]) -> list[str]:
        """The target's own file first, then its neighbours, the rest of the code, tests last."""
        folder = self.target.path.rpartition("/")[0]

        def key(path: str) -> tuple[bool, bool, bool, str]:
            return path != self.target.path, bool(TESTS.search(path)), not path.startswith(folder), path

        return sorted(paths, key=key)

    def _files(self, paths: Iterable[str]) -> Iterator[SourceFile]:
        """The files taken apart, as far as there is room."""
        for path in paths:
            text = self.tree.text(path) or ""
            if path not in self.counted and self.left_bytes < len(text) and path != self.target.path:
                self.references.unread.append(path)
                continue
            # The same whether the file is at hand from an earlier question or not: answers must not depend on that.
            self.left_bytes -= 0 if path in self.counted else len(text)
            self.counted.add(path)
            file = self.inference.file(path)
            if file is None:
                if path not in self.references.broken:
                    self.references.broken.append(path)
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
        for file in self._files(self._order(paths)):
            for use in (one for word in DYNAMIC for one in file.uses.get(word, ()) if one.kind == "call"):
                call = _call_of(file, use)
                written = [_written(part) for part in call.args] if call else []
                if any(self._fits(start, end) for start, end in written):
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


def _written(node: ast.expr) -> tuple[str, str]:
    """What is known of the beginning and the end of a text; the same twice where all of it is."""
    match node:
        case ast.Constant(value=str(text)):
            return text, text
        case ast.JoinedStr(values=[first, *_, last]):
            return _part(first), _part(last)
        case ast.BinOp(op=ast.Add()):
            return _written(node.left)[0], _written(node.right)[1]
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text))):
            return text.partition("%")[0], ""
    return "", ""


def _part(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _call_of(file: SourceFile, use: Use) -> ast.Call | None:
    return next((node for node in ast.walk(file.tree) if isinstance(node, ast.Call) and node.func is use.node), None)


def _shown_order(one: Reference) -> tuple[bool, bool, str, int, str]:
    return not one.sure, bool(TESTS.search(one.path)), one.path, one.line, one.kind


def _native_references(tree: CodeTree, definition: Definition) -> References:
    """By syntax alone: sure where the repository has one such name and it is not behind `.` or `->`."""
    name = re.split(r"::", definition.qualname)[-1]
    paths = tree.holding(tree.native, name)
    items = [one for path in paths for one in native_items(path, tree.text(path) or "")]
    same = [one for one in items if one.qualname.rpartition("::")[2] == name and one.kind != "macro"]
    own = next((one for one in same if one.path == definition.path and one.qualname == definition.qualname), None)
    only = len({one.qualname for one in same}) <= 1 and len([one for one in same if one.static]) <= 1
    found = []
    for path in paths:
        for use in native_uses(path, tree.text(path) or "", name):
            if use.local or (own is not None and own.static and path != own.path):
                continue
            sure = not use.of_object and (only or (path == definition.path and bool(own and own.static)))
            why = "" if sure else "what it is called on is not known" if use.of_object else "several have this name"
            found.append(Reference(path=path, line=use.line, function=use.function, kind=use.kind, sure=sure, why=why))
    return References(definition=definition, found=sorted(set(found), key=_shown_order))
