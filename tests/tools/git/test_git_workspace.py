"""What a proposer sees of a parent, and what its changes are as a patch."""

from pathlib import Path

import pytest

from tools.errors import UserError
from tools.git.patch import PatchError, apply_patch, make_patch, parse_patch
from tools.git.snapshot import Snapshot
from tools.git.workspace import Workspace

MODULE = """\
class Stack:
    def push(self, item):
        def inner():
            pass
        return inner

    class Nested:
        def deep(self): ...

if True:
    async def guarded(): ...
"""


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    contents: dict[str, bytes] = {
        "src/pkg/__init__.py": b"def top(): ...\n",
        "src/pkg/mod.py": MODULE.encode(),
        "src/pkg/latin.py": "# -*- coding: latin-1 -*-\ndef f(): return 'é'\n".encode("latin-1"),
        "src/pkg/bom.py": b"\xef\xbb\xbfx = 'a'\r\ny = 1\r\n",
        "src/pkg/lying.py": b"# -*- coding: ascii -*-\nx = '\xe9'\n",
        "src/pkg/unknown.py": b"# -*- coding: klingon -*-\n",
        "src/pkg/broken.py": b"def f(:\n",
        "data.bin": b"\xff\x00",
        "README": "é\n".encode(),
        "flat.py": b"def f(): ...\n",
    }
    for path, content in contents.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    (tmp_path / "link.py").symlink_to("flat.py")
    return Snapshot(source="x", commit="0" * 40, tree=tmp_path)


def test_files_are_read_in_their_own_encoding(snapshot: Snapshot) -> None:
    workspace = Workspace(snapshot)
    assert "'é'" in workspace.read("src/pkg/latin.py")
    assert workspace.read("src/pkg/bom.py") == "x = 'a'\r\ny = 1\r\n"
    assert workspace.read("README") == "é\n"
    for path, says in [
        ("data.bin", "not text"),
        ("src/pkg/lying.py", "not text"),
        ("src/pkg/unknown.py", "not text"),
        ("none.py", "no file"),
        ("../x", "no file"),
        ("/etc/passwd", "no file"),
        ("src", "no file"),
        ("link.py", "no file"),
    ]:
        with pytest.raises(UserError, match=says):
            workspace.read(path)


def test_changes_keep_encoding_and_line_endings(snapshot: Snapshot) -> None:
    workspace = Workspace(snapshot)
    changes = {path: workspace.read(path).replace("\r\n", "\n") for path in ("src/pkg/latin.py", "src/pkg/bom.py")}
    assert workspace.changed(changes) == ""
    changes["src/pkg/latin.py"] += "# ü\n"
    changes["src/pkg/bom.py"] += "z = 2\n"
    result = apply_patch(snapshot.tree, parse_patch(workspace.changed(changes)))
    assert (result["src/pkg/latin.py"] or b"").endswith("'é'\n# ü\n".encode("latin-1"))
    assert result["src/pkg/bom.py"] == b"\xef\xbb\xbfx = 'a'\r\ny = 1\r\nz = 2\r\n"
    with pytest.raises(UserError, match="cannot hold"):
        workspace.changed({"src/pkg/latin.py": "# coding: latin-1\n# Ω\n"})
    with pytest.raises(UserError, match="cannot be changed"):
        workspace.changed({"../x": ""})


def test_a_parents_changes_are_seen_and_passed_on(snapshot: Snapshot) -> None:
    parent = make_patch(
        {"flat.py": b"def f(): ...\n", "README": "é\n".encode()}, {"flat.py": b"def g(): ...\n", "new.py": b"x\n"}
    )
    workspace = Workspace(snapshot, parent)
    assert workspace.read("flat.py") == "def g(): ...\n"
    assert workspace.exists("new.py")
    assert not workspace.exists("README")
    assert {"new.py", "flat.py"} <= set(workspace.files())
    assert not {"README", "link.py"} & set(workspace.files())
    child = workspace.changed({"src/pkg/mod.py": "pass\n", "new.py": None})
    result = apply_patch(snapshot.tree, parse_patch(child))
    assert result == {"README": None, "flat.py": b"def g(): ...\n", "src/pkg/mod.py": b"pass\n"}
    assert workspace.locate("flat:g", (".",)) == ("flat.py", "g")
    with pytest.raises(PatchError):
        Workspace(snapshot, parent.replace("-def f", "-def h"))


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("pkg.mod:Stack.push", ("src/pkg/mod.py", "Stack.push")),
        ("pkg.mod:Stack.push.<locals>.inner", ("src/pkg/mod.py", "Stack.push.inner")),
        ("pkg.mod:Stack.Nested.deep", ("src/pkg/mod.py", "Stack.Nested.deep")),
        ("pkg.mod:guarded", ("src/pkg/mod.py", "guarded")),
        ("pkg:top", ("src/pkg/__init__.py", "top")),
        ("flat:f", ("flat.py", "f")),
    ],
)
def test_targets_are_located(snapshot: Snapshot, target: str, found: tuple[str, str]) -> None:
    assert Workspace(snapshot).locate(target, ("src", ".")) == found


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("pkg.mod", "form package.module:Class.function"),
        ("pkg.mod:", "form"),
        ("pkg.mdo:Stack", r"no module 'pkg\.mdo' in the project; did you mean pkg\.mod$|did you mean pkg\.mod or"),
        ("mod:Stack", r"did you mean pkg\.mod"),
        ("pkg.mod:push", r"no 'push'; did you mean Stack\.push"),
        ("pkg.mod:Stack.psuh", r"did you mean Stack\.push"),
        ("pkg.broken:f", "not Python that can be parsed"),
        ("../x:f", "not the name of a module"),
    ],
)
def test_a_target_that_is_not_there_names_what_is_near(snapshot: Snapshot, target: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        Workspace(snapshot).locate(target, ("src", "."))


def test_sources_are_relative_to_the_project(snapshot: Snapshot) -> None:
    inside = Snapshot(source="x", commit="0" * 40, tree=snapshot.tree, subdirectory="src")
    assert Workspace(inside).locate("pkg:top", (".",)) == ("src/pkg/__init__.py", "top")
    assert Workspace(inside).locate("flat:f", ("..",)) == ("flat.py", "f")
