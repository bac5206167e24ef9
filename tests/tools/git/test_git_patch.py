"""Patches as people, git, diff and models write them."""

import subprocess
import time
from pathlib import Path

import pytest

from tools.git.patch import (
    Conflict,
    Patch,
    PatchError,
    apply_patch,
    combine,
    drop_hunk,
    make_patch,
    parse_patch,
    split_hunks,
)

NUMBERS = "".join(f"{i}\n" for i in range(1, 21)).encode()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/x.py").write_bytes(b"one\ntwo\nthree\n")
    (tmp_path / "numbers").write_bytes(NUMBERS)
    return tmp_path


BODY = "@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"


@pytest.mark.parametrize(
    "text",
    [
        f"--- a/src/x.py\n+++ b/src/x.py\n{BODY}",
        f"--- src/x.py\n+++ src/x.py\n{BODY}",
        f"--- ./src/x.py\n+++ ./src/x.py\n{BODY}",
        f"--- old/src/x.py\t2024-01-01 00:00:00.0 +0000\n+++ new/src/x.py\t2024-01-02 00:00:00.0 +0000\n{BODY}",
        f"--- src/x.py.orig\n+++ src/x.py\n{BODY}",
        f"diff --git a/src/x.py b/src/x.py\nindex 1234567..89abcde 100644\n--- a/src/x.py\n+++ b/src/x.py\n{BODY}",
        f"diff --git i/src/x.py w/src/x.py\n--- i/src/x.py\n+++ w/src/x.py\n{BODY}",
        f"diff --git src/x.py src/x.py\n--- src/x.py\n+++ src/x.py\n{BODY}",
        f'diff --git "a/src/\\170.py" "b/src/\\170.py"\n--- "a/src/\\170.py"\n+++ "b/src/\\170.py"\n{BODY}',
        f"From 0123 Mon\nSubject: x\n\nwords\n---\n x | 2 +-\n\n--- a/src/x.py\n+++ b/src/x.py\n{BODY}-- \n2.39.5\n\n",
        f"--- a/src/x.py\n+++ b/src/x.py\n{BODY}"[:-1],
        f"--- a/src/x.py\n+++ b/src/x.py\n{BODY}".replace("\n", "\r\n"),
        "--- a/src/x.py\n+++ b/src/x.py\n@@ -2 +2 @@ def f():\n-two\n+2\n",
    ],
)
def test_every_common_spelling_is_read(tree: Path, text: str) -> None:
    patch = parse_patch(text)
    assert patch.paths == ("src/x.py",)
    assert apply_patch(tree, patch) == {"src/x.py": b"one\n2\nthree\n"}


def test_nothing_is_the_empty_patch() -> None:
    assert parse_patch("") == parse_patch(" \n\n") == Patch()
    assert Patch().text == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello\n", "no changes"),
        (f"--- a/../x\n+++ b/../x\n{BODY}", "leaves the repository"),
        (f"--- /etc/passwd\n+++ /etc/passwd\n{BODY}", "not relative"),
        (f"--- a//etc/passwd\n+++ b//etc/passwd\n{BODY}", "not relative"),
        (f"--- a/.git/config\n+++ b/.git/config\n{BODY}", "git directory"),
        (f"--- a/x/.GIT/hooks/y\n+++ b/x/.GIT/hooks/y\n{BODY}", "git directory"),
        ("diff --git a/x b/x\nold mode 100644\nnew mode 100755\n", "mode"),
        ("diff --git a/x b/x\nnew file mode 120000\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+/etc\n", "symbolic link"),
        ("diff --git a/x b/x\ndeleted file mode 120000\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-y\n", "symbolic link"),
        ("diff --git a/x b/x\nindex 1111111..2222222 120000\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-y\n+z\n", "symbolic link"),
        ("diff --git a/x b/x\nnew file mode 160000\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+Subproject\n", "submodule"),
        ("diff --git a/x b/x\nindex 1111111..2222222 160000\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-y\n+z\n", "submodule"),
        ("diff --git a/x b/x\nnew file mode 100755\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n", "mode"),
        ("diff --git a/x b/y\nsimilarity index 100%\ncopy from x\ncopy to y\n", "copies"),
        ("diff --git a/x b/x\nindex 1..2 100644\nGIT binary patch\nliteral 1\nIcmZ\n\n", "binary"),
        ("diff --git a/x b/x\nBinary files a/x and b/x differ\n", "binary"),
        ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\0\n", "binary"),
        ("--- a/x\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n", "two files"),
        ("diff --git a/x b/y\n--- a/x\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n", "two files"),
        ("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n+b\n", "not a valid unified diff"),
        ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n+smuggled\n", "beyond its hunk"),
        ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n-smuggled\n", "beyond its hunk"),
        ("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n+smuggled\n", "beyond its hunk"),
        ("--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-a\n+b\n", "no name"),
        ("+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", "not a valid unified diff"),
        ("@@ -1 +1 @@\n-a\n+b\n", "not a valid unified diff"),
        (f"--- a/x\n+++ b/x\n@@ -{'9' * 5000} +1 @@\n-a\n+b\n", "not a valid unified diff"),
        ("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n\\ No newline at end of file\n-b\n+c\n+d\n", "malformed"),
        (f"--- a/x\n+++ b/x\n{BODY}--- a/x\n+++ b/x\n{BODY}", "twice"),
        ("--- /dev/null\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", "missing file has lines"),
        ("x" * (5 << 20), "larger than"),
        ("".join(f"--- a/{i}\n+++ b/{i}\n@@ -1 +1 @@\n-a\n+b\n" for i in range(501)), "more than 500 files"),
        (f"--- a/{'d/' * 2500}x\n+++ b/{'d/' * 2500}x\n{BODY}", "too long"),
    ],
)
def test_what_is_no_change_of_text_is_refused(text: str, says: str) -> None:
    with pytest.raises(PatchError, match=says) as caught:
        parse_patch(text)
    assert "\n" not in str(caught.value)
    assert caught.value.status == 422


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+x\n", {"new.py": b"x\n"}),
        ("--- /dev/null\n+++ new.py\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n", {"new.py": b"x"}),
        ("--- old/new.py\t1970-01-01 00:00:00 +0000\n+++ new/new.py\t2024-01-01 00:00:00\n@@ -0,0 +1 @@\n+x\n",
         {"new.py": b"x\n"}),
        ("--- a/new.py\n+++ b/new.py\n@@ -0,0 +1 @@\n+x\n", {"new.py": b"x\n"}),
        ("diff --git a/new.py b/new.py\nnew file mode 100644\nindex 0000000..e69de29\n", {"new.py": b""}),
        ("diff --git new.py new.py\nnew file mode 100644\nindex 0000000..e69de29\n", {"new.py": b""}),
        ("diff --git a/b/new.py b/b/new.py\nnew file mode 100644\n--- /dev/null\n+++ b/b/new.py\n@@ -0,0 +1 @@\n+x\n",
         {"b/new.py": b"x\n"}),
        ("--- a/src/x.py\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-one\n-two\n-three\n", {"src/x.py": None}),
        ("--- old/src/x.py\t2024-01-01 00:00:00\n+++ new/src/x.py\t1970-01-01 00:00:00\n"
         "@@ -1,3 +0,0 @@\n-one\n-two\n-three\n", {"src/x.py": None}),
        ("diff --git a/src/x.py b/src/y.py\nsimilarity index 100%\nrename from src/x.py\nrename to src/y.py\n",
         {"src/x.py": None, "src/y.py": b"one\ntwo\nthree\n"}),
        ("diff --git a/src/x.py b/y.py\nsimilarity index 80%\nrename from src/x.py\nrename to y.py\n"
         "--- a/src/x.py\n+++ b/y.py\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n",
         {"src/x.py": None, "y.py": b"one\n2\nthree\n"}),
    ],
)  # fmt: skip
def test_files_are_made_deleted_and_renamed(tree: Path, text: str, result: dict[str, bytes | None]) -> None:
    patch = parse_patch(text)
    assert apply_patch(tree, patch) == result
    assert apply_patch(tree, parse_patch(patch.text)) == result
    assert len(split_hunks(patch)) == 1


def hunk(start: int, *lines: str) -> Patch:
    before, after = (sum(line[0] in kinds for line in lines) for kinds in (" -", " +"))
    body = "".join(f"{line}\n" for line in lines)
    return parse_patch(f"--- a/numbers\n+++ b/numbers\n@@ -{start},{before} +{start},{after} @@\n{body}")


def test_an_offset_is_allowed_where_the_place_is_certain(tree: Path) -> None:
    expected = NUMBERS.replace(b"10\n", b"ten\n")
    assert apply_patch(tree, hunk(9, " 9", "-10", "+ten", " 11")) == {"numbers": expected}
    assert apply_patch(tree, hunk(2, " 9", "-10", "+ten", " 11")) == {"numbers": expected}
    (tree / "numbers").write_bytes(NUMBERS + NUMBERS)
    assert apply_patch(tree, hunk(29, " 9", "-10", "+ten", " 11")) == {"numbers": NUMBERS + expected}
    with pytest.raises(PatchError, match="Hunk 1 of numbers does not apply"):
        apply_patch(tree, hunk(2, " 9", "-10", "+ten", " 11"))


def test_there_is_no_fuzz(tree: Path) -> None:
    for lines in ((" 9 ", "-10", "+ten", " 11"), (" 8", "-10", "+ten", " 11"), (" 9", "-10", "+ten", " 12")):
        with pytest.raises(PatchError, match="does not apply"):
            apply_patch(tree, hunk(9, *lines))
    (tree / "numbers").write_bytes(NUMBERS.replace(b"\n", b"\r\n"))
    with pytest.raises(PatchError, match="does not apply"):
        apply_patch(tree, hunk(9, " 9", "-10", "+ten", " 11"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("--- a/none\n+++ b/none\n@@ -1 +1 @@\n-a\n+b\n", "There is no file none"),
        ("--- /dev/null\n+++ b/src/x.py\n@@ -0,0 +1 @@\n+x\n", "there already"),
        ("--- /dev/null\n+++ b/src\n@@ -0,0 +1 @@\n+x\n", "a link or a folder"),
        ("--- /dev/null\n+++ b/numbers/x\n@@ -0,0 +1 @@\n+x\n", "behind one"),
        ("--- a/link\n+++ b/link\n@@ -1 +1 @@\n-one\n+1\n", "a link"),
        ("--- a/folder/x.py\n+++ b/folder/x.py\n@@ -1 +1 @@\n-one\n+1\n", "behind one"),
        ("--- a/src/x.py\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n", "more than it removes"),
        ("--- a/src/x.py\n+++ b/src/x.py\n@@ -3 +3 @@\n-three\n\\ No newline at end of file\n+3\n", "does not apply"),
        ("--- a/src/x.py\n+++ b/src/x.py\n@@ -1 +1 @@\n-one\n+1\n\\ No newline at end of file\n", "join two lines"),
        ("--- a/src/x.py\n+++ b/src/x.py\n@@ -9,0 +9 @@\n+x\n", "does not apply"),
        ("diff --git a/src/x.py b/numbers\nrename from src/x.py\nrename to numbers\n", "there already"),
    ],
)
def test_what_does_not_fit_the_tree_does_not_apply(tree: Path, text: str, says: str) -> None:
    (tree / "link").symlink_to("src/x.py")
    (tree / "folder").symlink_to("src")
    with pytest.raises(PatchError, match=says):
        apply_patch(tree, parse_patch(text))


def test_deletion_and_creation_follow_each_other(tree: Path) -> None:
    gone = apply_patch(tree, parse_patch("--- a/src/x.py\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-one\n-two\n-three\n"))
    back = apply_patch(tree, parse_patch("--- /dev/null\n+++ b/src/x.py\n@@ -0,0 +1 @@\n+x\n"), into=gone)
    assert back == {"src/x.py": b"x\n"}


def test_the_patch_of_git_and_ours_agree_on_a_real_history(tree: Path) -> None:
    """git's own diff of a rewrite, applied by us; our diff of it, applied by git."""
    old, new = NUMBERS, NUMBERS.replace(b"3\n", b"three\n").replace(b"18\n", b"") + b"end"
    (tree / "new").write_bytes(new)
    done = subprocess.run(
        ["git", "diff", "--no-index", "--no-color", "numbers", "new"], cwd=tree, capture_output=True, check=False
    )
    text = done.stdout.decode().replace("b/new", "b/numbers")
    assert apply_patch(tree, parse_patch(text)) == {"numbers": new}
    patch = parse_patch(make_patch({"numbers": old}, {"numbers": new}))
    subprocess.run(["git", "apply", "-"], cwd=tree, input=patch.text.encode(), check=True)
    assert (tree / "numbers").read_bytes() == new


def test_a_patch_is_written_as_git_writes_it() -> None:
    after = NUMBERS.replace(b"2\n", b"two\n2.5\n", 1).replace(b"19\n", b"").removesuffix(b"\n")
    assert make_patch({"numbers": NUMBERS, "old": b""}, {"numbers": after, "a b": b"x"}) == (
        'diff --git "a/a\\040b" "b/a\\040b"\nnew file mode 100644\n--- /dev/null\n+++ "b/a\\040b"\n'
        "@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n"
        "diff --git a/numbers b/numbers\n--- a/numbers\n+++ b/numbers\n"
        "@@ -1,5 +1,6 @@\n 1\n-2\n+two\n+2.5\n 3\n 4\n 5\n"
        "@@ -16,5 +17,4 @@\n 16\n 17\n 18\n-19\n-20\n+20\n\\ No newline at end of file\n"
        "diff --git a/old b/old\ndeleted file mode 100644\nindex e69de29..0000000\n"
    )


def test_hunks_can_be_dropped_and_split(tree: Path) -> None:
    after = NUMBERS.replace(b"2\n", b"two\n", 1).replace(b"19\n", b"nineteen\n")
    before: dict[str, bytes | None] = {"numbers": NUMBERS, "new": None}
    patch = parse_patch(make_patch(before, {"numbers": after, "new": b"x\n"}))
    assert len(patch.pieces) == 3
    assert [piece.paths for piece in split_hunks(patch)] == [("new",), ("numbers",), ("numbers",)]
    last = split_hunks(patch)[2]
    assert apply_patch(tree, last) == {"numbers": NUMBERS.replace(b"19\n", b"nineteen\n")}
    assert apply_patch(tree, drop_hunk(patch, 2)) == {"new": b"x\n", "numbers": NUMBERS.replace(b"2\n", b"two\n", 1)}
    assert drop_hunk(last, 0) == Patch()
    with pytest.raises(IndexError):
        drop_hunk(last, 1)


def against_numbers(*changes: tuple[bytes, bytes]) -> Patch:
    after = NUMBERS
    for old, new in changes:
        assert after.count(old) == 1
        after = after.replace(old, new)
    return parse_patch(make_patch({"numbers": NUMBERS}, {"numbers": after}))


def test_patches_of_different_lines_combine_even_side_by_side(tree: Path) -> None:
    both = combine(tree, [against_numbers((b"\n9\n", b"\nnine\n")), against_numbers((b"\n10\n", b"\nten\n"))])
    assert isinstance(both, Patch)
    assert apply_patch(tree, both)["numbers"] == NUMBERS.replace(b"\n9\n10\n", b"\nnine\nten\n")
    assert combine(tree, []) == Patch()


def test_conflicts_are_named(tree: Path) -> None:
    other = against_numbers((b"\n3\n", b"\nthree\n"))
    nine, neun = against_numbers((b"\n9\n", b"\nnine\n")), against_numbers((b"\n9\n10\n", b"\nneun\nzehn\n"))
    conflict = combine(tree, [other, nine, neun])
    assert conflict == Conflict(path="numbers", patches=(1, 2), line=9)
    assert str(conflict) == "Patches 1 and 2 both change line 9 of numbers."
    assert isinstance(combine(tree, [nine, nine, other]), Patch)
    amid = against_numbers((b"\n10\n", b"\n10\n10.5\n"))
    around = against_numbers((b"\n10\n11\n", b"\nten\neleven\n"))
    for order in ([amid, around], [around, amid]):
        assert isinstance(combine(tree, order), Conflict)
    gone = parse_patch(make_patch({"numbers": NUMBERS}, {}))
    assert combine(tree, [nine, gone]) == Conflict(path="numbers", patches=(0, 1), line=None)
    made, other_made = (parse_patch(make_patch({}, {"new": text})) for text in (b"a\n", b"b\n"))
    assert combine(tree, [made, other_made]) == Conflict(path="new", patches=(0, 1), line=None)
    assert isinstance(combine(tree, [made, made]), Patch)


def test_imports_and_constants_added_at_the_same_place_are_all_kept(tree: Path) -> None:
    source = b'"""Doc."""\n\nimport os\n\n\ndef f():\n    return 1\n\n\ndef g():\n    return 2\n'
    (tree / "m.py").write_bytes(source)

    def edited(*changes: tuple[bytes, bytes]) -> Patch:
        after = source
        for old, new in changes:
            after = after.replace(old, new)
        return parse_patch(make_patch({"m.py": source}, {"m.py": after}))

    first = edited((b"import os\n", b"import os\nimport re\n"), (b"return 1", b"return re"))
    second = edited(
        (b"import os\n", b"import os\nimport re\nfrom collections import deque\n"), (b"return 2", b"return deque")
    )
    for order in ([first, second], [second, first]):
        both = combine(tree, order)
        assert isinstance(both, Patch)
        result = apply_patch(tree, both)["m.py"] or b""
        assert result.count(b"import re\n") == 1
        for line in (b"from collections import deque\n", b"    return re\n", b"    return deque\n"):
            assert line in result
    inside = [edited((b"def f():\n", b"def f():\n    " + name + b" = 1\n")) for name in (b"a", b"b")]
    assert combine(tree, inside) == Conflict(path="m.py", patches=(0, 1), line=7)


def test_binary_files_and_bad_paths_are_not_made_into_patches() -> None:
    with pytest.raises(PatchError, match="binary"):
        make_patch({"x": b"a"}, {"x": b"\0"})
    with pytest.raises(PatchError, match="leaves"):
        make_patch({}, {"../x": b"a"})
    assert make_patch({"x": b"\0"}, {"x": b"\0"}) == ""


def test_large_files_are_compared_quickly() -> None:
    lines = [f"line {i % 50}\n".encode() for i in range(20_000)]
    before = b"".join(lines)
    after = b"".join([*lines[:10_000], b"new\n", *lines[10_001:15_000], b"other\n", *lines[15_000:]])
    text = make_patch({"x": before}, {"x": after})
    assert len(text.splitlines()) == 3 + 2 * 9 - 1


def test_a_patch_of_too_many_lines_is_refused_before_it_is_read() -> None:
    began = time.process_time()
    with pytest.raises(PatchError, match="more than 100000 lines"):
        parse_patch("--- a/x\n+++ b/x\n@@ -0,0 +1,2000000 @@\n" + "+\n" * 2_000_000)
    assert time.process_time() - began < 5


def test_a_hunk_that_would_be_compared_for_hours_stands_nowhere(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a\n" * 200_000)
    lines = " a\n" * 50_000 + "-b\n"
    patch = parse_patch(f"--- a/x\n+++ b/x\n@@ -1,50001 +1,50000 @@\n{lines}")
    began = time.process_time()
    with pytest.raises(PatchError, match="does not apply"):
        apply_patch(tmp_path, patch)
    assert time.process_time() - began < 10
