"""The files of one side on disk: cheap, whole, and never the snapshot's own."""

import os
from pathlib import Path

import pytest
from checkouts import Checkout, fingerprint

from tools.git.patch import PatchError, make_patch
from tools.git.side import lay_out_side
from tools.git.snapshot import Snapshot
from tools.git.take import take_snapshot

MOD = b"def f():\n    return 1\n"
PATCH = make_patch(
    {"pkg/mod.py": MOD, "README": b"hello\n"}, {"pkg/mod.py": b"def f():\n    return 2\n", "new/x.py": b"x\n"}
)


@pytest.fixture
def snapshot(checkout: Checkout, home: Path) -> Snapshot:
    checkout.write("run.sh", "#!/bin/sh\n").chmod(0o755)
    (checkout.path / "link").symlink_to("pkg/mod.py")
    checkout.write("pkg/__pycache__/mod.cpython-311.pyc", b"stale")
    checkout.write("pkg/old.pyc", b"stale")
    checkout.commit()
    return take_snapshot(str(checkout.path), home=home)


def contents(tree: Path) -> dict[str, bytes]:
    return {str(place.relative_to(tree)): place.read_bytes() for place in tree.rglob("*") if place.is_file()}


def test_a_side_is_the_snapshot_with_the_patch_and_without_bytecode(snapshot: Snapshot, home: Path) -> None:
    before = fingerprint(snapshot.tree)
    side = lay_out_side(snapshot, PATCH, None, home)
    assert contents(side) == {
        "link": b"def f():\n    return 2\n",
        "new/x.py": b"x\n",
        "pkg/__init__.py": b"",
        "pkg/mod.py": b"def f():\n    return 2\n",
        "run.sh": b"#!/bin/sh\n",
    }
    assert os.readlink(side / "link") == "pkg/mod.py"
    assert os.access(side / "run.sh", os.X_OK)
    assert (side / "run.sh").samefile(snapshot.tree / "run.sh")
    assert fingerprint(snapshot.tree) == before


def test_the_same_side_is_laid_out_once(snapshot: Snapshot, home: Path) -> None:
    side = lay_out_side(snapshot, PATCH, None, home)
    before = fingerprint(side)
    assert lay_out_side(snapshot, PATCH.replace("@@ -1,2 +1,2 @@", "@@ -1,2 +1,2 @@ section"), None, home) == side
    assert fingerprint(side) == before
    plain = lay_out_side(snapshot, "", None, home)
    assert plain not in (side, snapshot.tree)
    assert contents(plain)["pkg/mod.py"] == MOD


def test_a_patched_file_never_looks_like_its_other_version(snapshot: Snapshot, home: Path) -> None:
    """Same size, other content: whatever caches by time and size must see the difference."""
    times = set()
    for number in (b"1", b"2", b"3"):
        patch = make_patch({"pkg/mod.py": MOD}, {"pkg/mod.py": MOD.replace(b"1", number)})
        times.add(int((lay_out_side(snapshot, patch, None, home) / "pkg/mod.py").stat().st_mtime))
    assert len(times) == 3


def test_generated_files_are_laid_over_but_never_over_the_patch(snapshot: Snapshot, home: Path, tmp_path: Path) -> None:
    generated = tmp_path / "generated"
    files: dict[str, bytes] = {
        "pkg/_version.py": b"v\n",
        "pkg/__init__.py": b"generated\n",
        "pkg/mod.py": b"generated\n",
        "pkg/__pycache__/x.pyc": b"no",
        "pkg/y.pyc": b"no",
        "run.sh/below": b"no",
        "new": b"no",
    }
    for path, content in files.items():
        (generated / path).parent.mkdir(parents=True, exist_ok=True)
        (generated / path).write_bytes(content)
    (generated / "escape").symlink_to("/etc")
    (generated / "alias").symlink_to("pkg")
    os.mkfifo(generated / "pipe")
    side = lay_out_side(snapshot, PATCH, generated, home)
    found = contents(side)
    assert found["pkg/_version.py"] == b"v\n"
    assert found["pkg/__init__.py"] == b"generated\n"
    assert found["pkg/mod.py"] == b"def f():\n    return 2\n"
    assert found["run.sh"] == b"#!/bin/sh\n"
    assert found["new/x.py"] == b"x\n"
    assert not {"pkg/y.pyc", "pkg/__pycache__/x.pyc"} & set(found)
    assert not os.path.lexists(side / "escape")
    assert os.path.lexists(side / "alias")
    assert not os.path.lexists(side / "pipe")
    assert (snapshot.tree / "pkg/__init__.py").read_bytes() == b""
    (generated / "pkg/_version.py").write_bytes(b"other\n")
    assert lay_out_side(snapshot, PATCH, generated, home) != side


def test_a_patch_that_does_not_apply_leaves_nothing(snapshot: Snapshot, home: Path) -> None:
    before = sorted((home / "trees").iterdir())
    with pytest.raises(PatchError):
        lay_out_side(snapshot, PATCH.replace("return 1", "return 7"), None, home)
    with pytest.raises(PatchError):
        lay_out_side(snapshot, make_patch({}, {"link/x": b"x\n"}), None, home)
    assert sorted((home / "trees").iterdir()) == before
