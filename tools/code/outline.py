"""What a file or a folder holds, at a glance."""

import ast
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tools.code.definitions import parsed
from tools.code.inference import Inference
from tools.code.lines import counted, lines_of
from tools.code.native import NativeItem, native_items
from tools.code.scopes import Broken, FunctionNode, Scope, SourceFile
from tools.code.tree import NATIVE, PYTHON, CodeTree
from tools.code.values import Class

TOP_LEVEL = re.compile(r"^(?:async[ \t]+)?(def|class)[ \t]+(\w+)", re.MULTILINE)
HEADING = re.compile(r"^(?:#{1,6}[ \t]+\S.*|(?=\S).+\n(?:={3,}|-{3,}|~{3,})[ \t]*$|=+[ \t]+\S.*)", re.MULTILINE)
MOST_NAMES = 30
MOST_INHERITED = 15
MOST_DOC = 100
MOST_DEFAULT = 40


def outline_file(tree: CodeTree, path: str) -> list[str]:
    """Classes and functions with their lines, signatures, bases and first sentence; headings of other text."""
    text = tree.text(path)
    if text is None:
        return [f"{path} is no text, or too large to take apart."]
    lines = lines_of(text)
    head = f"{path}, {counted(len(lines), 'line')}"
    if path.endswith(PYTHON):
        file = parsed(tree, path)
        if isinstance(file, Broken):
            return [f"{head}. It does not parse: line {file.line}: {file.message}", *_top_level(text)]
        return [_with_doc(head, ast.get_docstring(file.tree)), *_python(tree, file)]
    if path.endswith(NATIVE):
        return [head, *(_native_line(item) for item in native_items(path, text))]
    found = [f"{_line_at(text, match.start()):>5}  {_heading(match[0])}" for match in HEADING.finditer(text)]
    return [head, *found]


def outline_folder(tree: CodeTree, folder: str) -> list[str]:
    """The files of a folder with their sizes and top-level names, and its folders with what they hold in all."""
    inside = "" if folder in ("", ".") else f"{folder.strip('/')}/"
    files: list[str] = []
    below: defaultdict[str, list[str]] = defaultdict(list)
    for path in tree.paths:
        if path.startswith(inside):
            rest = path.removeprefix(inside)
            name, slash, _ = rest.partition("/")
            below[name].append(path) if slash else files.append(path)
    shown = [f"{inside or './'} {counted(len(files), 'file')}, {counted(len(below), 'folder')}"]
    for name, paths in sorted(below.items()):
        code = [path for path in paths if path.endswith((*PYTHON, *NATIVE))]
        lines = sum((tree.text(path) or "").count("\n") for path in code)
        shown.append(f"  {name}/  {counted(len(paths), 'file')}, {lines:,} lines of code in {len(code):,} of them")
    return shown + [f"  {_file_line(tree, path)}" for path in files]


def outline_class(tree: CodeTree, path: str, qualname: str) -> list[str]:
    """A class's members, in the form of `outline_file`."""
    file = parsed(tree, path)
    if isinstance(file, Broken):
        return [str(file)]
    scopes = [
        scope
        for name, found in file.definitions.items()
        for scope in found
        if (name == qualname or name.startswith(f"{qualname}.")) and _is_shown(scope)
    ]
    inference = Inference(tree)
    return [line for scope in sorted(scopes, key=lambda one: _lines(one)[0]) for line in _scope(inference, scope)]


def signature(node: FunctionNode) -> str:
    """A function's head as it is written, on one line; long defaults are left out."""
    prefix = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
    return f"{prefix} {node.name}({_parameters(node.args)}){returns}"


def first_sentence(doc: str | None) -> str:
    """The first line of a docstring that says something."""
    line = next((line.strip() for line in (doc or "").splitlines() if line.strip()), "")
    return line if len(line) <= MOST_DOC else f"{line[:MOST_DOC]}..."


def _parameters(arguments: ast.arguments) -> str:
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(plain) - len(arguments.defaults)) + list(arguments.defaults)
    parts = [_parameter(argument, default) for argument, default in zip(plain, defaults, strict=True)]
    if arguments.posonlyargs:
        parts.insert(len(arguments.posonlyargs), "/")
    if arguments.vararg:
        parts.append(f"*{_parameter(arguments.vararg, None)}")
    elif arguments.kwonlyargs:
        parts.append("*")
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    parts += [_parameter(argument, default) for argument, default in pairs]
    if arguments.kwarg:
        parts.append(f"**{_parameter(arguments.kwarg, None)}")
    return ", ".join(parts)


def _parameter(argument: ast.arg, default: ast.expr | None) -> str:
    annotation = f": {ast.unparse(argument.annotation)}" if argument.annotation is not None else ""
    if default is None:
        return argument.arg + annotation
    value = ast.unparse(default)
    value = value if len(value) <= MOST_DEFAULT else "..."
    return f"{argument.arg}{annotation} = {value}" if annotation else f"{argument.arg}={value}"


def _python(tree: CodeTree, file: SourceFile) -> Iterator[str]:
    inference = Inference(tree)
    if file.path.endswith("__init__.py"):
        yield from _passed_on(file)
    names = [name for name, bound in file.scope.bindings.items() if any(isinstance(b.node, ast.Name) for b in bound)]
    if names:
        yield f"  variables: {_listed(names)}"
    scopes = [scope for found in file.definitions.values() for scope in found if _is_shown(scope)]
    for scope in sorted(scopes, key=lambda scope: _lines(scope)[0]):
        yield from _scope(inference, scope)


def _passed_on(file: SourceFile) -> Iterator[str]:
    """What a package's own file takes from its modules."""
    for statement in file.tree.body:
        if isinstance(statement, ast.ImportFrom):
            module = "." * statement.level + (statement.module or "")
            names = [f"{one.name} as {one.asname}" if one.asname else one.name for one in statement.names]
            yield f"{statement.lineno:>5}        from {module} import {_listed(names)}"


def _is_shown(scope: Scope) -> bool:
    """Functions inside functions are parts of those."""
    around = scope.parent
    while around is not None and around.parent is not None:
        if isinstance(around.node, FunctionNode):
            return False
        around = around.parent
    return True


def _scope(inference: Inference, scope: Scope) -> Iterator[str]:
    node = scope.node
    first, last = _lines(scope)
    indent = "  " * scope.qualname.count(".")
    marks = "".join(f"@{_short(decorator)} " for decorator in getattr(node, "decorator_list", []))
    if isinstance(node, FunctionNode):
        text = f"{first:>5}-{last:<5} {indent}{marks}{signature(node)}"
        yield _with_doc(text, ast.get_docstring(node))
    elif isinstance(node, ast.ClassDef):
        bases = f"({', '.join(_short(base) for base in node.bases)})" if node.bases else ""
        yield _with_doc(f"{first:>5}-{last:<5} {indent}{marks}class {node.name}{bases}", ast.get_docstring(node))
        yield from (f"            {indent}  {line}" for line in _inherited(inference, scope))


def _inherited(inference: Inference, scope: Scope) -> Iterator[str]:
    line, _ = inference.line(Class(scope.path, scope.qualname, scope))
    seen = set(scope.bindings)
    for base in line[1:]:
        names = [name for name in base.scope.bindings if name not in seen and not name.startswith("_")]
        seen.update(names)
        if names:
            yield f"from {base.qualname} ({base.path}:{_lines(base.scope)[0]}): {_listed(names, MOST_INHERITED)}"


def _lines(scope: Scope) -> tuple[int, int]:
    node = scope.node
    assert isinstance(node, ast.stmt)
    decorated = [decorator.lineno for decorator in getattr(node, "decorator_list", [])]
    return min([node.lineno, *decorated]), node.end_lineno or node.lineno


def _short(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= MOST_DEFAULT * 2 else f"{text[: MOST_DEFAULT * 2]}..."


def _native_line(item: NativeItem) -> str:
    indent = "  " * item.qualname.count("::")
    return _with_doc(f"{item.first_line:>5}-{item.last_line:<5} {indent}{item.signature or item.qualname}", item.doc)


def _top_level(text: str) -> list[str]:
    """Names by their first words alone, for a file that does not parse."""
    return [f"{_line_at(text, match.start()):>5}  {match[1]} {match[2]}" for match in TOP_LEVEL.finditer(text)]


def _file_line(tree: CodeTree, path: str) -> str:
    name = posixpath.basename(path)
    text = tree.text(path)
    if text is None:
        return f"{name}  (no text, or too large)"
    size = counted(text.count("\n") + (not text.endswith("\n")), "line") if text else "empty"
    if path.endswith(PYTHON):
        names = [found for _, found in TOP_LEVEL.findall(text)]
    elif path.endswith(NATIVE):
        names = [item.qualname for item in native_items(path, text) if item.kind != "macro"]
    else:
        names = []
    return f"{name}  {size}{': ' if names else ''}{_listed(names)}"


def _listed(names: Iterable[str], most: int = MOST_NAMES) -> str:
    known = list(dict.fromkeys(names))
    more = f" and {len(known) - most} more" if len(known) > most else ""
    return ", ".join(known[:most]) + more


def _with_doc(text: str, doc: str | None) -> str:
    said = first_sentence(doc)
    return f"{text}  # {said}" if said else text


def _line_at(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _heading(text: str) -> str:
    return text.partition("\n")[0].strip()
