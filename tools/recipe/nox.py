"""nox's sessions, from `noxfile.py`; it is parsed, never run."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.recipe.hints import Hints, plain_variables
from tools.recipe.requirement_files import own_extras

LARGEST_FILE_BYTES = 1024 * 1024
TESTS = re.compile(r"(^|_)(tests?|unit|pytest|py)(_|$)")


def read_nox(project: Path) -> Hints:
    """What the first session that is named after tests installs and runs, as far as it is written out."""
    file = project / "noxfile.py"
    if not file.is_file() or file.stat().st_size > LARGEST_FILE_BYTES:
        return Hints()
    try:
        module = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return Hints()
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and TESTS.search(node.name) and _is_session(node):
            return _of_session(node)
    return Hints()


def _is_session(function: ast.FunctionDef) -> bool:
    return any("session" in ast.unparse(decorator) for decorator in function.decorator_list)


def _of_session(function: ast.FunctionDef) -> Hints:
    deps: list[str] = []
    extras: list[str] = []
    groups: list[str] = []
    commands: list[tuple[str, ...]] = []
    env: dict[str, str] = {}
    for call in _calls(function):
        assert isinstance(call.func, ast.Attribute)
        words = [word.value for word in call.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
        if call.func.attr == "run":
            commands.append(tuple(words))
            env |= _literal_env(call)
        else:
            _read_install(words, deps, extras, groups)
    return Hints(
        file="noxfile.py",
        deps=tuple(deps),
        extras=tuple(extras),
        groups=tuple(groups),
        commands=tuple(command for command in commands if command),
        env=plain_variables(env),
    )


def _calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    """`session.install(...)` and `session.run(...)`, in their order."""
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"install", "run"}
            and isinstance(node.func.value, ast.Name)
        ):
            yield node


def _read_install(words: list[str], deps: list[str], extras: list[str], groups: list[str]) -> None:
    position = 0
    while position < len(words):
        word, following = words[position], words[position + 1 : position + 2]
        position += 1
        if word in {"-r", "-c", "--requirement", "--constraint", "--group"} and following:
            (groups if word == "--group" else deps).append(
                following[0] if word == "--group" else f"{word} {following[0]}"
            )
            position += 1
        elif own := own_extras(word):
            extras += own
        elif not word.startswith(("-", ".", "/")):
            deps.append(word)


def _literal_env(call: ast.Call) -> dict[str, str]:
    for keyword in call.keywords:
        if keyword.arg == "env" and isinstance(keyword.value, ast.Dict):
            return {
                key.value: value.value
                for key, value in zip(keyword.value.keys, keyword.value.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
                and isinstance(value, ast.Constant) and isinstance(value.value, str)
            }  # fmt: skip
    return {}
