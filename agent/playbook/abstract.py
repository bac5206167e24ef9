"""Code without what is peculiar to its place: names, texts and numbers are generalised, comments and docstrings go.

A function's own name becomes `f0`, locals and arguments `v0`, `v1`, ..., other names of the project `g0`, ..., its
attributes `a0`, ...; names of the language and of imported modules stay, for they say what is done. The idea of
abstracting a solution before it is kept is CRAFT's (Yuan et al., ICLR 2024), which asks a model for it.
"""

import ast
import builtins
import collections
import hashlib
import io
import re
import sys
from collections.abc import Iterable

from agent.playbook.play import PYTHON

_TYPES = (str, bytes, list, tuple, dict, set, frozenset, int, float, bytearray, collections.deque, io.TextIOWrapper)
_METHODS = frozenset(name for kind in (*_TYPES, re.Pattern, re.Match, collections.Counter) for name in dir(kind))
_BUILTINS = frozenset(dir(builtins))
_SMALL = (-1, 0, 1, 2)
"""Numbers that say something about the algorithm."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_C_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|\d[\w.]*"""
    r"""|\+\+|--|->|&&|\|\||<<|>>|[-+*/%&|^<>=!]=?|\S""",
    re.DOTALL,
)
_C_KEPT = frozenset({
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
    "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed",
    "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "bool",
    "class", "delete", "false", "namespace", "new", "nullptr", "private", "public", "size_t", "template", "this",
    "true", "using", "virtual", "std", "vector", "string", "map", "unordered_map", "set", "unordered_set",
    "push_back", "reserve", "size", "begin", "end", "find", "insert", "strlen", "strcmp", "strcat", "strcpy",
    "memcpy", "memset", "memcmp", "malloc", "calloc", "realloc", "free", "printf", "sprintf", "snprintf", "qsort",
    "sqrt", "pow", "abs", "NULL", "include", "define",
})  # fmt: skip


class Abstraction:
    """Generalises several pieces of code alike: one name becomes the same in all of them."""

    def __init__(self, language: str = PYTHON, imported: Iterable[str] = ()) -> None:
        """`imported` are names that import statements bind elsewhere in the files."""
        self._language = language
        self._imported = set(imported)
        self._names: dict[tuple[str, str], str] = {}
        self._counts: collections.Counter[str] = collections.Counter()

    def of(self, code: str) -> str:
        """The code's pattern; of code that does not parse, its text without comments."""
        if self._language != PYTHON:
            return self._tokens(code)
        try:
            tree = ast.parse(code)
        except (SyntaxError, ValueError):
            return self._tokens(code)
        self._imported |= imported_names(tree)
        return ast.unparse(ast.fix_missing_locations(_Generalise(self, _roles(tree), self._imported).visit(tree)))

    def name(self, role: str, name: str) -> str:
        """What a name of this role (`f`, `v`, `g` or `a`) becomes."""
        key = (role, name)
        if key not in self._names:
            self._names[key] = f"{role}{self._counts[role]}"
            self._counts[role] += 1
        return self._names[key]

    def _tokens(self, code: str) -> str:
        words = []
        for token in _C_TOKEN.findall(code):
            if token.startswith(("//", "/*")):
                continue
            if token[0] in "\"'":
                words.append('""' if token[0] == '"' else "''")
            elif token[0].isdigit():
                words.append(token if token in ("0", "1", "2") else "9")
            elif (token[0].isalpha() or token[0] == "_") and token not in _C_KEPT:
                words.append(self.name("v", token))
            else:
                words.append(token)
        return re.sub(r"([;{}]) ", r"\1\n", " ".join(words))


def form_of(language: str, pattern_before: str, pattern_after: str) -> str:
    """The digest of two patterns: 64 hexadecimal digits."""
    text = "\0".join((language, pattern_before, pattern_after))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def imported_names(tree: ast.AST) -> set[str]:
    """Names that a module's absolute imports bind: modules of others, and what is taken from them."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and node.level == 0):
            found.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    return found


def imported_in(sources: Iterable[str | None]) -> set[str]:
    """The same of several files; those that are not there or do not parse bind nothing."""
    found: set[str] = set()
    for source in sources:
        try:
            found |= imported_names(ast.parse(source or ""))
        except (SyntaxError, ValueError):
            continue
    return found


def _roles(tree: ast.AST) -> dict[str, str]:
    """`f` for functions that are defined here, `v` for locals and arguments; what is missing is a name from outside."""
    roles: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            roles[node.arg] = "v"
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            roles.setdefault(node.id, "v")
        elif isinstance(node, ast.ExceptHandler) and node.name:
            roles[node.name] = "v"
    for node in ast.walk(tree):
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            roles[node.name] = "f"
    return roles


class _Generalise(ast.NodeTransformer):
    """Renames in place; what it is given is thrown away afterwards."""

    def __init__(self, names: Abstraction, roles: dict[str, str], imported: set[str]) -> None:
        self._to = names
        self._roles = roles
        self._imported = imported

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.name = self._name(node.name)
        return self._body(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        node.arg = self._name(node.arg)
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        if node.arg in self._roles:
            node.arg = self._name(node.arg)
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.Pass()
        assigned: ast.AST = self.visit(ast.copy_location(ast.Assign(targets=[node.target], value=node.value), node))
        return assigned

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._name(node.id)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        node.name = self._name(node.name) if node.name else None
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if node.attr not in _METHODS and not self._is_known(_root(node)):
            node.attr = self._to.name("a", node.attr)
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        match node.value:
            case bool() | None:
                pass
            case str(text):
                node.value = "s" if text else ""
            case bytes(data):
                node.value = b"s" if data else b""
            case int(number) if number not in _SMALL:
                node.value = 9
            case float():
                node.value = 9.5
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                part.format_spec = None
        return self.generic_visit(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        node.name = self._name(node.name)
        node.returns = None
        return self._body(node)

    def _body(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        match node.body:
            case [ast.Expr(value=ast.Constant(value=str())), *rest]:
                node.body = rest or [ast.Pass()]
        return self.generic_visit(node)

    def _name(self, name: str) -> str:
        role = self._roles.get(name)
        if role:
            return self._to.name(role, name)
        return name if name in _BUILTINS or self._is_known(name) else self._to.name("g", name)

    def _is_known(self, name: str) -> bool:
        """Whether it is of somebody else's library: what an import binds, or a standard module."""
        return name in self._imported or (name in sys.stdlib_module_names and name not in self._roles)


def _root(node: ast.Attribute) -> str:
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute):
        inner = inner.value
    return inner.id if isinstance(inner, ast.Name) else ""
