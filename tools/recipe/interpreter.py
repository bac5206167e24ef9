"""The Python that a target's environment is made from, on this host."""

import json
import os
import platform
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import uv
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from tools.errors import UserError

# Never a path: asking an interpreter for its version runs it on the host, and a repository could name its own file.
VERSION_REQUEST = re.compile(r"(cpython@?|python)?[\d.*<>=!~, ]+t?")
QUERY = "import json, platform, sys; print(json.dumps([sys.base_prefix, platform.python_version()]))"


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """An interpreter outside any virtual environment."""

    executable: Path
    """With links resolved."""
    prefix: Path
    """The folder it is installed in, with links resolved."""
    version: str

    @property
    def in_system(self) -> bool:
        """Whether every sandbox sees it already."""
        return self.prefix.is_relative_to("/usr")


def find_interpreter(request: str | None) -> Interpreter:
    """The interpreter for a version request; None asks for the one Hasten runs on.

    Raises:
        UserError: the request is not a version, or no interpreter on this host meets it.
    """
    if request is None:
        executable: str = getattr(sys, "_base_executable", sys.executable)
        return _interpreter(executable, sys.base_prefix, platform.python_version())
    if not VERSION_REQUEST.fullmatch(request):
        raise UserError(
            f'`python = {request!r}` is not a version; write one such as "3.12" in hasten.toml.', status=422
        )
    found = subprocess.run(
        [uv.find_uv_bin(), "python", "find", "--no-config", "--no-project", "--no-python-downloads", request],
        cwd="/", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if found.returncode == 0:
        return _asked(found.stdout.strip())
    for executable in _beside_ours():
        try:
            interpreter = _asked(executable)
        except (subprocess.SubprocessError, OSError, ValueError):
            continue  # a broken installation of another Python is none of the project's concern
        if _meets(interpreter.version, request):
            return interpreter
    raise UserError(
        f"The project asks for Python {request}, which this machine does not have, and Hasten downloads none: "
        f"install it (`uv python install '{request}'`), or name another with `python` in hasten.toml.",
        status=422,
        detail=found.stderr.strip(),
    )


def _beside_ours() -> list[str]:
    """Interpreters installed beside ours, as pyenv and uv keep them, whether or not they are on PATH."""
    shelf = Path(os.path.realpath(sys.base_prefix)).parent
    # Only folders that such tools use: beside /usr stand folders that anyone may write.
    return sorted(map(str, shelf.glob("*/bin/python3")), reverse=True) if shelf.name in {"versions", "python"} else []


def _meets(version: str, request: str) -> bool:
    numbers = re.fullmatch(r"(?:cpython@?|python)?\s*(\d[\d.]*\d|\d)", request)
    try:
        return SpecifierSet(f"=={numbers[1]}.*" if numbers else request).contains(version)
    except InvalidSpecifier:
        return False


def _asked(executable: str) -> Interpreter:
    answer = subprocess.run(
        [executable, "-I", "-S", "-c", QUERY], cwd="/", capture_output=True, text=True, timeout=60, check=True
    )
    prefix, version = json.loads(answer.stdout)
    return _interpreter(executable, prefix, version)


def _interpreter(executable: str, prefix: str, version: str) -> Interpreter:
    return Interpreter(
        executable=Path(os.path.realpath(executable)), prefix=Path(os.path.realpath(prefix)), version=version
    )
