"""`setup.cfg` and `setup.py`; the latter is parsed, never run."""

import ast
import configparser
from collections.abc import Mapping
from pathlib import Path

from tools.recipe.declared import Declared


def read_setup_cfg(project: Path) -> Declared:
    """What `setup.cfg` declares; nothing where there is none or it cannot be parsed."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read(project / "setup.cfg", encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as error:
        return Declared(unread=(f"setup.cfg could not be read: {error}.",))
    name = parser.get("metadata", "name", fallback=None)
    folders = _assignments(parser.get("options", "package_dir", fallback=""))
    where = folders.get("") or parser.get("options.packages.find", "where", fallback="").strip()
    tests = _lines(parser.get("options", "tests_require", fallback=""))
    return Declared(
        name=name,
        installable=name is not None and (project / "setup.py").is_file(),
        requires_python=parser.get("options", "python_requires", fallback=None),
        dependencies=_lines(parser.get("options", "install_requires", fallback="")),
        extras={key: _lines(text) for key, text in _section(parser, "options.extras_require").items()},
        development={"tests": tests} if tests else {},
        sources=(where,) if where and (project / where).is_dir() else (),
    )


def _section(parser: configparser.ConfigParser, name: str) -> dict[str, str]:
    return dict(parser.items(name)) if parser.has_section(name) else {}


def _lines(text: str) -> tuple[str, ...]:
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith(("#", "file:", "attr:")))


def _assignments(text: str) -> dict[str, str]:
    """Lines of `key = value`; setuptools writes the root package as `= src`."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, _, value in pairs}


def read_setup_py(project: Path) -> Declared:
    """What the call of `setup()` in `setup.py` states literally, or by names bound to literals in the same file."""
    path = project / "setup.py"
    if not path.is_file():
        return Declared()
    try:
        module = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError) as error:
        return Declared(installable=True, unread=(f"setup.py could not be parsed: {error}.",))
    call = next((node for node in ast.walk(module) if isinstance(node, ast.Call) and _is_setup(node)), None)
    if call is None:
        return Declared(installable=True)
    values = _Values(module)
    arguments = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    known = {key: values.of(node) for key, node in arguments.items()}
    name, python, folders = known.get("name"), known.get("python_requires"), known.get("package_dir")
    tests = _texts(known.get("tests_require"))
    extras = known.get("extras_require")
    source = folders.get("") if isinstance(folders, Mapping) else None
    return Declared(
        name=name if isinstance(name, str) else None,
        installable=True,
        requires_python=python if isinstance(python, str) else None,
        dependencies=_texts(known.get("install_requires")),
        extras={str(k): _texts(v) for k, v in extras.items()} if isinstance(extras, Mapping) else {},
        development={"tests": tests} if tests else {},
        sources=(source,) if isinstance(source, str) and source and (project / source).is_dir() else (),
        native="ext_modules" in arguments or "cffi_modules" in arguments or "rust_extensions" in arguments,
        unread=tuple(
            f"setup.py computes `{key}`."
            for key in ("install_requires", "extras_require", "tests_require")
            if key in arguments and known[key] is None
        ),
    )


def _is_setup(call: ast.Call) -> bool:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name == "setup"


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return _lines(value)
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list | tuple | set) else ()


class _Values:
    """Literal values of expressions, through names that the module binds to literals."""

    def __init__(self, module: ast.Module) -> None:
        self._bound: dict[str, ast.expr] = {}
        for node in module.body:
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                self._bound[node.targets[0].id] = node.value

    def of(self, node: ast.expr, depth: int = 0) -> object:
        """The value, or None where running the file would be needed."""
        if depth > 8:
            return None
        match node:
            case ast.Name(id=name) if name in self._bound:
                return self.of(self._bound[name], depth + 1)
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                return [self.of(item, depth + 1) for item in items]
            case ast.Dict(keys=keys, values=entries):
                return {
                    self.of(key, depth + 1): self.of(value, depth + 1)
                    for key, value in zip(keys, entries, strict=True)
                    if key is not None and isinstance(self.of(key, depth + 1), str)
                }
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                first, second = self.of(left, depth + 1), self.of(right, depth + 1)
                if isinstance(first, list) and isinstance(second, list):
                    return first + second
                return first + second if isinstance(first, str) and isinstance(second, str) else None
            case ast.Constant(value=value):
                return value
        return None
