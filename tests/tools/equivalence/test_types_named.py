"""Which types inputs may have is read from the changed functions of both sides."""

from pathlib import Path

import pytest

from tools.equivalence.types_named import types_named


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("def f(n):\n    return n + 1\n", "def f(n):\n    return 1 + n\n", ""),
        ("def f(n):\n    return float(n)\n", "def f(n):\n    return n\n", "float"),
        ("def f(n: 'int | None'):\n    return n\n", "def f(n):\n    return n\n", "None,int"),
        ("def f(n):\n    return n\n", "def f(n):\n    return n if isinstance(n, str) else 0\n", "any,str"),
        ("def f(n, k=1, *, m=2):\n    return n\n", "def f(n, k=1, *, m=3):\n    return n\n", "!m"),
        ("def f(n):\n    return n\ndef g(n):\n    return str(n)\n", "def f(n):\n    return +n\n", ""),
    ],
)
def test_types_are_those_that_the_changed_functions_speak_of(
    tmp_path: Path, before: str, after: str, named: str
) -> None:
    trees = (tmp_path / "before", tmp_path / "after")
    for tree, text in zip(trees, (before, after), strict=True):
        tree.mkdir()
        (tree / "m.py").write_text(text)
    assert types_named(trees, {"/project/m.py": [1]}) == named
