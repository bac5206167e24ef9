"""What gcov and callgrind write is read line by line; a listing is cut into its function and its loops."""

from pathlib import Path

from tools.compiler.assembly import listings
from tools.driver.native_instructions import read as read_instructions
from tools.driver.native_lines import read as read_lines

GCOV = """        -:    0:Source:src/a.c
        -:    0:Working directory:{project}
        -:    0:Runs:1
        -:    1:/* a comment: with colons */
        5:    2:int f(void)
    #####:    3:    return 1;
      12*:    4:    for (;;)
        -:    0:Source:/usr/include/x.h
        9:    1:static int g(void)
"""
CALLGRIND = """events: Ir
fl=(1) {project}/src/a.c
fn=(1) f
2 10
+1 5
cfi=(2) ./string/strlen.c
cfn=(2) strlen
calls=3 40
* 300
cfn=(3) g
calls=1 9
+1 50
fi=(3) {project}/src/b.h
7 4
fe=(1)
5 1

fl=(2)
fn=(2)
40 300

fl=(1)
fn=(3)
9 50
"""
ASSEMBLY = """	.text
	.globl	_Z4scanPi
_Z4scanPi:
.LFB0:
	.loc 1 3 5
	.cfi_startproc
	movl	$1, %eax
.L3:
	.loc 1 4 9 is_stmt 1
	addl	(%rdi), %eax
	jne	.L3
	ret
	.cfi_endproc
_Z5otherv:
	ret
	.cfi_endproc
"""


def test_lines_that_ran_are_those_of_the_project(tmp_path: Path) -> None:
    found: dict[str, dict[int, int]] = {}
    assert read_lines(GCOV.format(project=tmp_path), str(tmp_path / "obj"), str(tmp_path), found) == 4
    assert found == {"src/a.c": {2: 5, 3: 0, 4: 12}}


def test_instructions_of_code_outside_belong_to_the_line_that_calls_it(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    for name in ("a.c", "b.h"):
        (tmp_path / "src" / name).touch()
    own: dict[str, dict[int, int]] = {}
    calls: dict[tuple[str, int, str, int], int] = {}
    read_instructions(CALLGRIND.format(project=tmp_path).splitlines(True), str(tmp_path), own, calls)
    assert own == {"src/a.c": {2: 10, 3: 305, 5: 1, 9: 50}, "src/b.h": {7: 4}}
    assert calls == {("src/a.c", 4, "src/a.c", 9): 50}


def test_a_function_is_found_under_its_readable_name() -> None:
    raw = ASSEMBLY.splitlines()
    shown = [line.replace("_Z4scanPi", "scan(int*)").replace("_Z5otherv", "other()") for line in raw]
    (found,) = listings(raw, shown, "scan")
    assert [line.shown.strip() for line in found.lines] == [
        "scan(int*):",
        "movl	$1, %eax",
        ".L3:",
        "addl	(%rdi), %eax",
        "jne	.L3",
        "ret",
    ]
    assert found.instructions == 4
    (loop,) = found.innermost_loops()
    assert [line.source for line in loop] == [3, 4, 4]
    assert listings(raw, shown, "can") == ()
