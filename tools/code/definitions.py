"""Where functions, classes, methods and variables are defined: by bare, dotted or full name, inherited ones too."""

import ast
import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tools.code.definition import Definition
from tools.code.inference import Inference
from tools.code.kept import uncollected
from tools.code.names import BUILTINS, PASSED_ON, Place
from tools.code.native import native_definitions
from tools.code.scopes import Broken, Scope, SourceFile
from tools.code.source_file import source_file
from tools.code.tree import CodeTree
from tools.code.values import Class, Module, Symbol, Value

MOST_DEFINING = 100
"""Files that are taken apart for one name; more define a name such as `run` than anyone would read."""
MOST_MODULES = 5
MOST_IMPORTERS = 20
"""Files that are read to see what an imported name is."""
DEFINED_NAME = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
MANGLED = re.compile(r"^_[A-Za-z]\w*?(__\w+)$")


@uncollected()
def find_definitions(tree: CodeTree, name: str) -> list[Definition]:
    """Every definition that a name may mean, the repository's own before those of libraries; empty for none.

    `name` is `f`, `Class.method`, `package.module.f`, `package.module:Class.method` or `path/file.py:Class.method`.
    """
    name = name.strip().removesuffix("()").replace(".<locals>", "")
    where, _, inside = name.replace("::", ":").rpartition(":")
    finder = _Finder(tree)
    if where:
        found = [one for path in _files_named(tree, where) for one in finder.within(path, inside)]
        native = [one for one in native_definitions(tree, inside) if one.path == where]
        return found or native or native_definitions(tree, name)
    found = finder.own(name) + native_definitions(tree, name)
    return _distinct(found) or finder.by_module(name) or finder.imported(name)


def _files_named(tree: CodeTree, where: str) -> list[str]:
    """The file at a path or of a module; else those whose module's name ends so."""
    if where in tree:
        return [where]
    module = where.removesuffix(".py").replace("/", ".")
    path = tree.find(module)
    return [path] if path else [one for one in tree.python if tree.module(one).endswith(f".{module}")]


def definitions_of(tree: CodeTree, symbol: Symbol) -> list[Definition]:
    """The definitions of one symbol: several where it is defined anew (overloads, setters, fallbacks)."""
    file = Inference(tree, libraries=True).file(symbol.path)
    return [] if file is None else _of_symbol(file, symbol.qualname)


def _seems(tree: CodeTree, path: str, name: str) -> str:
    """Where a name seems to be defined in a file that does not parse."""
    text = tree.text(path) or ""
    lines = [text.count("\n", 0, one.start(1)) + 1 for one in DEFINED_NAME.finditer(text) if one[1] == name]
    return f"there {name} seems to begin at line {lines[0]}." if lines else "nothing in it is seen."


def near_definitions(tree: CodeTree, name: str, most: int = 5) -> list[str]:
    """Names defined in the repository that look most like one that is not."""
    last = re.split(r"[.:]", name)[-1]
    known = {
        found
        for path in tree.python
        for found in DEFINED_NAME.findall(tree.text(path) or "")
        if found != last and abs(len(found) - len(last)) <= max(4, len(last) // 2)
    }
    folded = {found.casefold().strip("_"): found for found in sorted(known)}
    near = difflib.get_close_matches(last.casefold().strip("_"), list(folded), n=most, cutoff=0.7)
    held = sorted((found for found in known if len(last) > 3 and last.casefold() in found.casefold()), key=len)
    return list(dict.fromkeys([*(folded[one] for one in near), *held]))[:most]


def parsed(tree: CodeTree, path: str) -> SourceFile | Broken:
    """A Python file taken apart, or why it cannot be."""
    return source_file(path, tree.text(path) or "")


def no_definition(tree: CodeTree, name: str) -> str:
    """Why a name was not found, and what to try."""
    last = re.split(r"[.:]", name)[-1]
    if last in BUILTINS and last == name:
        return f"{name} is built into Python; the project does not define it."
    near = near_definitions(tree, name)
    hint = f" Names that are near: {', '.join(near)}." if near else ""
    broken = [one for path in tree.holding(tree.python, last) if isinstance(one := parsed(tree, path), Broken)]
    hint += "".join(f" {one}; {_seems(tree, one.path, last)}" for one in broken[:3])
    return f"Nothing named {name!r} is defined in the repository or in a library that it imports.{hint}"


class _Finder:
    def __init__(self, tree: CodeTree) -> None:
        self.tree = tree
        self.inference = Inference(tree, libraries=True)

    def own(self, name: str) -> list[Definition]:
        """Definitions of the repository whose qualified name is this or ends in it, or a class of it inherits it."""
        mangled = MANGLED.match(name)
        last = mangled[1] if mangled else name.rpartition(".")[2]
        wanted = last if mangled else name
        if not last.isidentifier():
            return []
        found = [
            one
            for file in self._files(wanted.split("."), rf"(?:def|class)[ \t]+{last}\b")
            for qualname in file.definitions
            if qualname == wanted or qualname.endswith(f".{wanted}")
            for one in _of_symbol(file, qualname)
        ]
        return found or (self._inherited(name) if "." in name else self._variables(name))

    def within(self, path: str, qualname: str) -> list[Definition]:
        """What a name is inside one file: defined there, imported there, or inherited by a class of it."""
        file = self.inference.file(path)
        if file is None:
            return []
        own = _of_symbol(file, qualname)
        if own:
            return own
        first, *rest = qualname.split(".")
        values: set[Value] = set()
        symbols: set[Symbol] = set()
        for origin in self.inference.member(path, first):
            if isinstance(origin, Place):
                symbols.add(origin.symbol)
                values |= self.inference.of_place(origin)
            else:
                values.add(origin)
        cls = ""
        for part in rest:
            cls = next((f"{one.qualname} ({one.path})" for one in values if isinstance(one, Class)), "")
            symbols, next_values = self.inference.attribute(values, part)
            values = set(next_values)
        if not symbols:
            symbols = {Symbol(one.path, "") for one in values if isinstance(one, Module)}
        return self._all(symbols, cls)

    def by_module(self, name: str) -> list[Definition]:
        """`package.module.name`, the longest module that there is; a module's last names are enough."""
        parts = name.split(".")
        if not all(parts):
            return []
        for length in range(len(parts), 0, -1):
            module, rest = ".".join(parts[:length]), ".".join(parts[length:])
            for path in _files_named(self.tree, module)[:MOST_MODULES]:
                found = self.within(path, rest) if rest else self._whole(path)
                if found:
                    return found
        return []

    def imported(self, name: str) -> list[Definition]:
        """What the repository imports under this name from a library."""
        word = name.partition(".")[0]
        if not word.isidentifier():
            return []
        first = re.escape(word)
        pattern = re.compile(rf"^[ \t]*(?:from[ \t].*)?\bimport\b.*\b{first}\b|^[ \t]+{first},?$", re.MULTILINE)
        holders = self.tree.matching(self.tree.python, word, pattern)
        rest = name.removeprefix(word)
        for path in holders[:MOST_IMPORTERS]:
            for bound in self._bound_to(path, word):
                found = self.within(path, bound + rest)
                if found:
                    return found
        return []

    def _bound_to(self, path: str, word: str) -> list[str]:
        """The names by which a file has what it imports as `word`, or imports `word` as."""
        file = self.inference.file(path)
        bindings = file.scope.bindings if file else {}
        return [
            name
            for name, ones in bindings.items()
            if any(word in (name, one.name) and one.how in PASSED_ON for one in ones) and self._is_foreign(path, name)
        ]

    def _is_foreign(self, path: str, name: str) -> bool:
        """Whether a name comes from a library; what is the repository's own was looked for already."""
        origins = self.inference.member(path, name)
        places = [one.scope.path if isinstance(one, Place) else getattr(one, "path", "") for one in origins]
        return any(place and not self.tree.is_own(place) for place in places)

    def _inherited(self, name: str) -> list[Definition]:
        owner, _, member = name.rpartition(".")
        found: list[Definition] = []
        for cls in self.own(owner):
            if cls.kind == "class":
                found += [one for one in self.within(cls.path, f"{cls.qualname}.{member}") if one not in found]
        return found

    def _variables(self, name: str) -> list[Definition]:
        files = self._files([name], rf"^{name}[ \t]*(?::(?!=)[^=\n]*)?=(?!=)")
        return [one for file in files for one in _of_symbol(file, name)]

    def _files(self, words: Sequence[str], pattern: str) -> Iterable[SourceFile]:
        """The first files with the pattern, of those that have the other words too."""
        paths = self.tree.matching(self.tree.python, words[-1], re.compile(pattern, re.MULTILINE))
        for word in words[:-1]:
            paths = [path for path in paths if word.lstrip("_") in (self.tree.text(path) or "")]
        for path in paths[:MOST_DEFINING]:
            file = self.inference.file(path)
            if file is not None:
                yield file

    def _all(self, symbols: Iterable[Symbol], cls: str) -> list[Definition]:
        found: list[Definition] = []
        for symbol in sorted(symbols):
            file = self.inference.file(symbol.path)
            if file is None:
                continue
            if not symbol.qualname:
                found += self._whole(symbol.path)
                continue
            owner = symbol.qualname.rpartition(".")[0]
            through = cls if owner and f"{owner} ({symbol.path})" != cls else ""
            found += [replace(one, inherited_by=through) for one in _of_symbol(file, symbol.qualname)]
        return found

    def _whole(self, path: str) -> list[Definition]:
        text = self.tree.text(path) or ""
        return [Definition(path=path, qualname="", kind="module", first_line=1, last_line=text.count("\n") + 1)]


def _variable(scope: Scope, name: str) -> Sequence[ast.AST]:
    place = Place(scope, name)
    own = [one.node for one in place.bindings] + [one.node for one in scope.attributes.get(name, ())]
    return [node for node in own if isinstance(node, ast.Name | ast.Attribute)]


def _of_symbol(file: SourceFile, qualname: str) -> list[Definition]:
    found = [_of_scope(scope) for scope in file.definitions.get(qualname, ())]
    if found:
        return found
    owner, _, last = qualname.rpartition(".")
    scopes = file.definitions.get(owner, []) if owner else [file.scope]
    nodes = [node for scope in scopes if not owner or scope.is_class for node in _variable(scope, last)]
    statements = {id(part): statement for statement in ast.walk(file.tree) if isinstance(statement, ast.stmt)
                  for part in _targets(statement)}  # fmt: skip
    return [
        Definition(
            path=file.path,
            qualname=qualname,
            kind="variable",
            first_line=statements[id(node)].lineno,
            last_line=statements[id(node)].end_lineno or statements[id(node)].lineno,
        )
        for node in nodes[:3]
        if id(node) in statements
    ]


def _targets(statement: ast.stmt) -> Iterable[ast.AST]:
    match statement:
        case ast.Assign():
            return [part for target in statement.targets for part in ast.walk(target)]
        case ast.AnnAssign() | ast.AugAssign():
            return [statement.target]
    return []


def _of_scope(scope: Scope) -> Definition:
    node = scope.node
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    method = scope.parent is not None and scope.parent.is_class
    kind = "class" if scope.is_class else "method" if method else "function"
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return Definition(
        path=scope.path,
        qualname=scope.qualname,
        kind=kind,
        first_line=first,
        last_line=node.end_lineno or node.lineno,
    )


def _distinct(found: Iterable[Definition]) -> list[Definition]:
    return list(dict.fromkeys(found))
