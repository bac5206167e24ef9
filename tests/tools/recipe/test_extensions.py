"""Projects with extension modules: built in the sandbox, or a sentence about what this machine lacks."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tools.errors import UserError
from tools.git.snapshot import Snapshot
from tools.recipe.build_failures import missing_program, unresolvable
from tools.recipe.environment import Environment, build_environment
from tools.recipe.hasten_toml import read_recipe
from tools.recipe.recipe import Recipe
from tools.sandbox.select import open_sandbox
from workers.settings import read_settings

PYPROJECT = """\
[build-system]
requires = [{}]
build-backend = "setuptools.build_meta"
[project]
name = "thing"
version = "1"
"""
C_ONLY = {
    "pyproject.toml": PYPROJECT.replace("{}", '"setuptools>=61"'),
    "setup.py": "from setuptools import Extension, setup\n"
    "setup(ext_modules=[Extension('thing.c_part', ['thing/c_part.c'])])\n",
    "thing/__init__.py": "",
    "thing/c_part.c": '#include <Python.h>\nstatic struct PyModuleDef d = {PyModuleDef_HEAD_INIT, "c_part"};\n'
    "PyMODINIT_FUNC PyInit_c_part(void) { return PyModule_Create(&d); }\n",
    "test_thing.py": "from thing import c_part\ndef test_it(): pass\n",
}
WITH_CYTHON = {
    **C_ONLY,
    "pyproject.toml": PYPROJECT.replace("{}", '"setuptools>=61", "cython>=3"'),
    "setup.py": "from Cython.Build import cythonize\nfrom setuptools import Extension, setup\n"
    "setup(ext_modules=[Extension('thing.c_part', ['thing/c_part.c']), *cythonize('thing/cy_part.pyx')])\n",
    "thing/cy_part.pyx": "def double(int x):\n    return 2 * x\n",
}


def build(tmp_path: Path, files: dict[str, str], **env: str) -> tuple[Snapshot, Environment]:
    tree = tmp_path / "tree"
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    snapshot = Snapshot(source="thing", commit="0" * 40, tree=tree)
    recipe: Recipe = replace(read_recipe(tree), env=env)
    index = read_settings().index_environment()
    sandbox = open_sandbox("bubblewrap")
    return snapshot, build_environment(snapshot, recipe, sandbox, tmp_path / "home", index, lambda _: None)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no C compiler")
def test_setuptools_and_cython_are_built_in_the_sandbox(tmp_path: Path) -> None:
    _, environment = build(tmp_path, WITH_CYTHON)
    built = sorted(path.name.split(".")[0] for path in environment.generated.rglob("*.so"))
    assert built == ["c_part", "cy_part"]


def test_a_compiler_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"this machine lacks a C compiler \(`apt install gcc`\), which"):
        build(tmp_path, C_ONLY, CC="/nonexistent/gcc")


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory", "a C compiler"),
        ("error: command '/usr/bin/g++' failed: No such file or directory", "a C compiler"),
        ("unable to execute 'gcc': No such file or directory", "a C compiler"),
        ("ERROR: Unknown compiler(s): [['cc'], ['gcc']]", "a C compiler"),
        ("pkg.c:1:10: fatal error: Python.h: No such file or directory", "Python's headers"),
        ("a.c:3:10: fatal error: libxml/tree.h: No such file or directory", "a C header, libxml/tree.h"),
        ("error: can't find Rust compiler", "the Rust compiler"),
        ("/bin/sh: 1: cmake: not found", "`cmake`"),
        ("error: command '/usr/bin/gcc' failed with exit code 1", None),
        ("FileNotFoundError: No such file or directory: 'VERSION'", None),
    ],
)
def test_what_builds_lack_is_read_from_what_they_print(output: str, words: str | None) -> None:
    found = missing_program(output)
    assert found is None if words is None else (found or "").startswith(words)


def test_why_requirements_cannot_be_met_is_told_in_the_resolvers_words() -> None:
    output = (
        "× No solution found\n  ╰─▶ Because there is no version of six==99 and you\n require it, we can conclude that"
    )
    assert unresolvable(output) == "there is no version of six==99"
    assert unresolvable("error: it broke") is None
