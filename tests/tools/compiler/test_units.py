"""How a file is compiled: as a list of commands says, as the build does, else by a guess that is said aloud."""

import json

from tools.compiler.build import Compile
from tools.compiler.units import find_unit, flags_of

FILES = {
    "src/a.c": '#include "a.h"\n',
    "src/b.c": "",
    "include/a.h": "",
    "lib/c.cpp": "",
}


def read(path: str) -> str:
    return FILES[path]


def call(text: str, directory: str = "/project") -> Compile:
    return Compile(directory=directory, argv=tuple(text.split()))


LOG = (
    call("cc -E -DPROBE src/a.c"),
    call("gcc -O3 -Iinclude -DX=1 -Wall -MMD -MF a.d -c src/a.c -o a.o"),
    call("gcc -O0 -c src/a.c -o debug.o"),
    call("cc -O2 src/b.c a.o -lm -Wl,-O1 -o prog"),
    call("clang++ -std=c++17 -O2 -c ../lib/c.cpp", "/project/build"),
)


def test_the_flags_of_the_build_that_decide_about_code_are_taken() -> None:
    unit = find_unit("src/a.c", FILES, read, lambda: LOG)
    assert (unit.flags, unit.compiler) == (("-O3", "-Iinclude", "-DX=1", "-Wall"), "gcc")
    assert unit.origin == "as the project's own build does"
    assert find_unit("src/b.c", FILES, read, lambda: LOG).flags == ("-O2",)
    assert flags_of(call("cc -include x.h -O2 -shared -fPIC a.c -L lib -l m")) == ("-include", "x.h", "-O2", "-fPIC")


def test_a_path_is_seen_from_where_the_compiler_runs() -> None:
    unit = find_unit("lib/c.cpp", FILES, read, lambda: LOG)
    assert (unit.directory, unit.cpp) == ("/project/build", True)


def test_a_header_is_seen_through_what_includes_it() -> None:
    unit = find_unit("include/a.h", FILES, read, lambda: LOG)
    assert unit.source == "src/a.c"


def test_a_list_of_commands_is_asked_before_the_build() -> None:
    entry = {"directory": "/project", "command": "cc -O1 -c src/b.c", "file": "src/b.c"}
    files = {**FILES, "compile_commands.json": json.dumps([entry])}
    unit = find_unit("src/b.c", files, files.__getitem__, lambda: ())
    assert (unit.flags, unit.origin) == (("-O1",), "as compile_commands.json says")


def test_a_guess_says_that_it_is_one() -> None:
    unit = find_unit("src/b.c", FILES, read, lambda: ())
    assert unit.flags == ("-O2", "-I/project/include")
    assert "guessed" in unit.origin
