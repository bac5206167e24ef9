"""Whatever files hold, patches survive the way out and back, and git agrees with what we apply."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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

LINES = st.sampled_from(
    [
        *(b"a\n", b"b\n", b"\n", b"  c\n", b"d\r\n", b"\r\n", b"\x0c\n", b"e\rf\n", b"\x1c\x85\n", b"\xff\xfe\n"),
        *(b"-- x\n", b"--- a/x\n", b"+++ b/x\n", b"@@ -1 +1 @@\n", b"diff --git a/x b/x\n", "é\u2028\n".encode()),
        b"\\ No newline at end of file\n",
    ]
)
ENDS = st.sampled_from([b"", b"", b"end", b"\r", b"-"])
CONTENTS = st.builds(lambda lines, end: b"".join(lines) + end, st.lists(LINES, max_size=30), ENDS)
NAMES = st.sampled_from(
    [
        *("x.py", "a/x.py", "b/a b.py", "b/c.py", "dir/é.py", "-dash", "a b/x"),
        *('quo"te.py', "back\\slash", "tab\tname", "\udcff.py", "line\nbreak"),
    ]
)
TREES = st.dictionaries(NAMES, st.none() | CONTENTS, max_size=4)
SETTINGS = settings(max_examples=100, deadline=None)


def write(tree: Path, contents: dict[str, bytes | None]) -> None:
    for path, content in contents.items():
        if content is not None:
            place = tree / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def present(contents: dict[str, bytes | None]) -> dict[str, bytes]:
    return {path: content for path, content in contents.items() if content is not None}


@SETTINGS
@given(before=TREES, after=TREES)
def test_made_patches_read_back_and_apply_to_exactly_what_they_were_made_from(
    tmp_path_factory: pytest.TempPathFactory, before: dict[str, bytes | None], after: dict[str, bytes | None]
) -> None:
    tree = tmp_path_factory.mktemp("tree")
    write(tree, before)
    text = make_patch(before, after)
    patch = parse_patch(text)
    assert patch.text == text
    result = {**before, **apply_patch(tree, patch)}
    assert present(result) == present(after)
    assert set(patch.paths) == {path for path in {*before, *after} if before.get(path) != after.get(path)}


@settings(max_examples=60, deadline=None)
@given(before=TREES, after=TREES)
def test_git_applies_made_patches_to_the_same_result(
    tmp_path_factory: pytest.TempPathFactory, before: dict[str, bytes | None], after: dict[str, bytes | None]
) -> None:
    tree = tmp_path_factory.mktemp("tree")
    write(tree, before)
    text = make_patch(before, after)
    if not text:
        return
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"],
        cwd=tree,
        input=text.encode("utf-8", "surrogateescape"),
        capture_output=True,
        check=False,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tree.parent)},
    )
    assert done.returncode == 0, done.stderr
    found = {str(file.relative_to(tree)): file.read_bytes() for file in tree.rglob("*") if file.is_file()}
    assert found == present(after)


@SETTINGS
@given(before=CONTENTS, after=CONTENTS, third=CONTENTS)
def test_patches_apply_one_upon_another(
    tmp_path_factory: pytest.TempPathFactory, before: bytes, after: bytes, third: bytes
) -> None:
    tree = tmp_path_factory.mktemp("tree")
    write(tree, {"x": before})
    first = apply_patch(tree, parse_patch(make_patch({"x": before}, {"x": after})))
    second = apply_patch(tree, parse_patch(make_patch({"x": after}, {"x": third})), into=first)
    assert second.get("x", before) == third
    assert (tree / "x").read_bytes() == before


@SETTINGS
@given(before=CONTENTS, after=CONTENTS)
def test_the_pieces_of_a_patch_combine_to_the_patch(
    tmp_path_factory: pytest.TempPathFactory, before: bytes, after: bytes
) -> None:
    tree = tmp_path_factory.mktemp("tree")
    write(tree, {"x": before})
    patch = parse_patch(make_patch({"x": before}, {"x": after}))
    whole = combine(tree, split_hunks(patch))
    assert isinstance(whole, Patch)
    assert apply_patch(tree, whole).get("x", before) == after
    for i in range(len(patch.pieces)):
        rest, piece = drop_hunk(patch, i), split_hunks(patch)[i]
        assert len(rest.pieces) == len(patch.pieces) - 1
        both = combine(tree, [rest, piece])
        assert isinstance(both, Patch)
        assert apply_patch(tree, both).get("x", before) == after


@SETTINGS
@given(before=CONTENTS, mine=CONTENTS, yours=CONTENTS)
def test_combining_is_the_same_either_way_round_or_names_a_conflict(
    tmp_path_factory: pytest.TempPathFactory, before: bytes, mine: bytes, yours: bytes
) -> None:
    tree = tmp_path_factory.mktemp("tree")
    write(tree, {"x": before})
    first = parse_patch(make_patch({"x": before}, {"x": mine}))
    second = parse_patch(make_patch({"x": before}, {"x": yours}))
    one, other = combine(tree, [first, second]), combine(tree, [second, first])
    assert isinstance(one, Conflict) == isinstance(other, Conflict)
    if isinstance(one, Patch) and isinstance(other, Patch):
        assert apply_patch(tree, one).get("x", before) == apply_patch(tree, other).get("x", before)


@SETTINGS
@given(text=st.text(alphabet=st.sampled_from('-+@ ab/\n\r\t\\"0123,.')) | st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        patch = parse_patch(text)
    except PatchError:
        return
    assert parse_patch(patch.text).text == patch.text


@SETTINGS
@given(before=TREES, after=TREES, data=st.data())
def test_a_damaged_patch_is_read_the_same_twice_or_refused(
    before: dict[str, bytes | None], after: dict[str, bytes | None], data: st.DataObject
) -> None:
    lines = make_patch(before, after).split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        i, j = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        kind = data.draw(st.sampled_from(["drop", "copy", "swap", "cut", "grow"]))
        if kind == "drop" and len(lines) > 1:
            del lines[i]
        elif kind == "copy":
            lines.insert(i, lines[j])
        elif kind == "swap":
            lines[i], lines[j] = lines[j], lines[i]
        elif kind == "cut":
            lines[i] = lines[i][:-1]
        else:
            lines[i] += data.draw(st.sampled_from([" ", "\r", "/..", "0", "\t", '"']))
    try:
        patch = parse_patch("\n".join(lines))
    except PatchError:
        return
    assert parse_patch(patch.text) == patch
    assert not any(path.startswith(("/", "../", ".git/")) for path in patch.paths)
