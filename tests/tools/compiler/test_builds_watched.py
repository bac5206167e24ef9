"""Real builds in the sandbox, looked on: how compilers are called, which lines ran, what is missing."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from own_environment import own_environment

from tools.compiler.build import build
from tools.compiler.compilers import Place, ask
from tools.compiler.dialects import CLANG, GCC
from tools.compiler.units import find_unit
from tools.sandbox.select import open_sandbox

SOURCE = """#include <stdio.h>
#include <string.h>
static int twice(int x)
{
    return 2 * x;
}
int unused(int x)
{
    return 3 * x;
}
int main(int argc, char **argv)
{
    int sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += twice(i);
    printf("%d %zu\\n", sum, strlen(argv[argc - 1]));
    return 0;
}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.c").write_text(SOURCE)
    return tmp_path


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_lines_and_instructions_are_those_that_a_command_ran(tree: Path, compiler: str) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not installed")
    sandbox, environment = open_sandbox("bubblewrap"), own_environment()
    command = f"mkdir out && {compiler} -O2 -c src/main.c -o out/main.o && {compiler} out/main.o -o out/main"
    ran = build(sandbox, environment, tree, command, "lines", ["./out/main 7"])
    assert ran.problem == ""
    lines = ran.lines["src/main.c"]
    assert (lines[5], lines[9]) == (1000, 0), "inlined code counts too"
    assert [one.argv[0] for one in ran.compiles] == [compiler, compiler]
    assert not (tree / "out").exists(), "the tree is left alone"
    if shutil.which("valgrind") is None:
        return
    counted = build(sandbox, environment, tree, command, "instructions", ["./out/main 7"])
    own = counted.own["src/main.c"]
    assert own[16] > 100, "what printf does belongs to the line that calls it"
    assert 9 not in own


def test_a_build_that_fails_says_how(tree: Path) -> None:
    built = build(open_sandbox("bubblewrap"), own_environment(), tree, "echo no such luck; exit 4", "lines", ["true"])
    assert built.problem == "the build ended with exit code 4: no such luck"


def test_a_compiler_that_is_not_there_is_named_with_its_package(tree: Path) -> None:
    place = Place(sandbox=open_sandbox("bubblewrap"), environment=own_environment(), tree=tree)
    unit = find_unit("src/main.c", ["src/main.c"], lambda _: SOURCE, lambda: ())
    (answer,) = ask(place, unit, [replace(CLANG, c="no-such-clang")])
    assert answer.problem == "clang is not installed in the sandbox (Debian: `apt-get install clang llvm`)"


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
def test_a_flag_of_another_compiler_is_left_out_and_said(tree: Path) -> None:
    place = Place(sandbox=open_sandbox("bubblewrap"), environment=own_environment(), tree=tree)
    unit = replace(
        find_unit("src/main.c", ["src/main.c"], lambda _: SOURCE, lambda: ()), flags=("-O3", "-fexperimental-x")
    )
    (answer,) = ask(place, unit, [GCC])
    assert answer.problem == ""
    assert answer.left_out == ("-fexperimental-x",)
    assert answer.remarks
