"""Remarks of gcc and clang in one form: where, what, why, once, the hottest first."""

import pytest

from tools.compiler.dialects import CLANG, GCC, diagnostics, remarks
from tools.compiler.functions import read_native
from tools.compiler.remarks import Cause, Kind, Remark, by_line, cause_of, merged

OF_GCC = """k.c:10:48: missed: not vectorized: not suitable for strided load _55 = *_54;
src/../k.c:10:48: missed: not vectorized: not suitable for strided load _55 = *_54;
k.c:7:27: optimized:  loop versioned for vectorization because of possible aliasing
k.c:7:27: optimized: loop turned into non-loop; it never loops
k.c:24:67: missed:   not inlinable: scan/6 -> strlen/9, function body not available
k.c:4:6: note: ***** Analysis failed with vector mode V4SI
/usr/include/x.h:3:1: missed: couldn't vectorize loop
k.c:3:1: warning: unused variable 'x' [-Wunused-variable]
"""
OF_CLANG = """k.c:10:24: remark: failed to move load because the loop may invalidate its value [-Rpass-missed=licm]
k.c:10:30: remark: failed to move load because the loop may invalidate its value [-Rpass-missed=licm]
k.c:10:24: remark: load of type double not eliminated [-Rpass-missed=gvn]
k.c:23:42: remark: loop not vectorized: cannot identify array bounds [-Rpass-analysis=loop-vectorize]
k.c:7:9: remark: vectorized loop (vectorization width: 2, interleaved count: 1) [-Rpass=loop-vectorize]
"""


def test_both_compilers_are_read_alike() -> None:
    seen = merged(remarks(GCC, OF_GCC, "/project"))
    assert [(one.line, one.kind, one.passed, one.cause) for one in seen] == [
        (10, Kind.MISSED, "vectorise", Cause.NON_AFFINE),
        (7, Kind.APPLIED, "vectorise", Cause.ALIAS),
        (24, Kind.MISSED, "inline", Cause.CALL),
    ]
    assert seen[0].times == 2
    assert "scan -> strlen" in seen[2].message, "gcc's numbers of functions are gone"
    seen = merged(remarks(CLANG, OF_CLANG, "/project"))
    assert [(one.line, one.kind, one.passed, one.cause, one.times) for one in seen] == [
        (10, Kind.MISSED, "memory", Cause.ALIAS, 2),
        (23, Kind.ANALYSIS, "vectorise", Cause.NON_AFFINE, 1),
        (7, Kind.APPLIED, "vectorise", None, 1),
    ]
    (warning,) = diagnostics(OF_GCC, "/project")
    assert (warning.line, warning.kind) == (3, "warning")


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ("not vectorized, possible dependence between data-refs *_6 and *_3", Cause.DEPENDENCE),
        ("loop not vectorized: unsafe dependent memory operations in loop.", Cause.DEPENDENCE),
        ("loop not vectorized: value that could not be identified as reduction is used outside", Cause.DEPENDENCE),
        ("possible alias involving gather/scatter between *_3 and *_7", Cause.ALIAS),
        ("loop not vectorized: memory conflict checks disabled", Cause.ALIAS),
        ("failed: evolution of base is not affine.", Cause.NON_AFFINE),
        ("not vectorized: complicated access pattern.", Cause.NON_AFFINE),
        ("not vectorized: control flow in loop.", Cause.EARLY_EXIT),
        ("loop not vectorized: could not determine number of loop iterations", Cause.TRIP_COUNT),
        ("loop not vectorized: call instruction cannot be vectorized", Cause.CALL),
        ("'f' not inlined into 'g' because its definition is unavailable", Cause.CALL),
        ("'f' not inlined into 'g' because too costly to inline (cost=330, threshold=225)", Cause.COST),
        ("the cost-model indicates that vectorization is not beneficial", Cause.COST),
        ("loop not vectorized: cannot prove it is safe to reorder floating-point operations", Cause.FLOAT_ORDER),
        ("vectorized 1 loops in function.", None),
    ],
)
def test_causes_have_one_name(message: str, cause: Cause | None) -> None:
    assert cause_of(message) is cause


def remark(line: int, kind: Kind) -> Remark:
    return Remark(path="a.c", line=line, column=1, compiler="gcc", passed="vectorise", kind=kind, message="")


def test_what_was_missed_in_the_hottest_loop_stands_first() -> None:
    text = "void f(void) {\n for (;;) {\n  a();\n }\n for (;;) {\n  for (;;)\n   b();\n }\n for (;;)\n  c();\n}\n"
    source = read_native(text, "a.c")
    said = [remark(line, Kind.MISSED) for line in (2, 6, 9)] + [remark(7, Kind.APPLIED)]
    assert [line for line, _ in by_line(said, source, {})] == [6, 2, 9, 7], "the deepest, where nothing was counted"
    assert [line for line, _ in by_line(said, source, {10: 0.9, 7: 0.1})] == [9, 6, 2, 7], "by their loops' cost"
