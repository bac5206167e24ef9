"""Text and patterns in all files, within bounds."""

from pathlib import Path

import pytest

from tools.code.search import chosen_by, search
from tools.code.tree import CodeTree, folder_tree
from tools.errors import UserError

GARDEN = Path(__file__).with_name("garden")


@pytest.fixture
def tree(tmp_path: Path) -> CodeTree:
    files = {
        "src/a.py": "def f():\n    return 'x(1)'\n# f and f\n",
        "tests/test_a.py": "from a import f\n",
        "README.md": "f is a function\n",
        "src/_vendor/b.py": "def f(): ...\n",
        "data.bin": b"\xff\0f\n",
        "big.csv": "f,1\n" * 300_000,
        "nul.txt": "a\0f\n",
    }
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder_tree(tmp_path)


def found(tree: CodeTree, pattern: str, **options: object) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.path, one.lines) for one in search(tree, pattern, **options).found]  # type: ignore[arg-type]


def test_own_code_comes_first_and_lines_are_counted_once(tree: CodeTree) -> None:
    searched = search(tree, r"\bf\b")
    assert [(one.path, one.lines) for one in searched.found] == [
        ("src/a.py", (1, 3)),
        ("tests/test_a.py", (1,)),
        ("README.md", (1,)),
        ("nul.txt", (1,)),
    ]
    assert searched.count == 5
    assert set(searched.left_out) == {"data.bin", "big.csv"}
    assert searched.aside == 1


def test_what_is_aside_is_searched_when_it_is_named(tree: CodeTree) -> None:
    assert found(tree, "def", glob="src/_vendor") == [("src/_vendor/b.py", (1,))]


def test_plain_text_and_case(tree: CodeTree) -> None:
    assert found(tree, "x(1)", regex=False) == [("src/a.py", (2,))]
    assert found(tree, "X(1)", regex=False) == []
    assert found(tree, "X(1)", regex=False, ignore_case=True) == [("src/a.py", (2,))]
    assert found(tree, "^DEF ", ignore_case=True) == [("src/a.py", (1,))]


def test_a_pattern_that_is_none_says_so(tree: CodeTree) -> None:
    with pytest.raises(UserError, match=r"'x\(' is no regular expression .* regex=false"):
        search(tree, "x(")


def test_a_pattern_that_runs_away_is_ended(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a" * 60 + "!\n")
    with pytest.raises(UserError, match=r"takes longer than 0.5 s"):
        search(folder_tree(tmp_path), "(a+)+$", most_time_s=0.5)


def test_globs() -> None:
    assert chosen_by("src/pkg/a.py", "")
    assert chosen_by("src/pkg/a.py", "src/**/*.py")
    assert chosen_by("src/a.py", "src/**/*.py")
    assert chosen_by("src/pkg/a.py", "*.py")
    assert chosen_by("src/pkg/a.py", "src/pkg/")
    assert chosen_by("src/pkg/a.py", "pkg/a.py")
    assert chosen_by("src/pkg/a.py", "./src/pkg/?.py")
    assert not chosen_by("src/pkg/a.py", "src/*.py")
    assert not chosen_by("src/pkg/a.py", "*.c")
    assert not chosen_by("src/pkg/a.py", "kg/a.py")


def test_edits_are_searched(tree: CodeTree) -> None:
    edited = tree.edited({"src/a.py": "def g(): ...\n", "src/new.py": "f = 1\n", "README.md": None, "nul.txt": None})
    assert [path for path, _ in found(edited, r"\bf\b")] == ["src/new.py", "tests/test_a.py"]
