"""A project that builds by a command of its own."""

from pathlib import Path

import pytest

from tools.errors import UserError
from tools.git.snapshot import Snapshot
from tools.recipe.environment import build_environment
from tools.recipe.hasten_toml import read_recipe
from tools.sandbox.select import open_sandbox
from workers.settings import read_settings

BUILD = "mkdir -p out && cat tool.in > out/tool && chmod +x out/tool"


def project(folder: Path, build: str) -> Snapshot:
    folder.mkdir()
    (folder / "tool.in").write_text("#!/bin/sh\necho built\n")
    (folder / "test_tool.py").write_text("def test_it(): ...\n")
    (folder / "hasten.toml").write_text(f'build = "{build}"\n')
    return Snapshot(source="tool", commit="0" * 40, tree=folder)


def test_what_the_build_leaves_is_kept_and_runs(tmp_path: Path) -> None:
    snapshot, sandbox = project(tmp_path / "tree", BUILD), open_sandbox("bubblewrap")
    index_env = read_settings().index_environment()
    environment = build_environment(
        snapshot, read_recipe(snapshot.tree), sandbox, tmp_path / "home", index_env, lambda _: None
    )
    tool = environment.generated / "out/tool"
    assert tool.read_text() == "#!/bin/sh\necho built\n"
    assert tool.stat().st_mode & 0o111


def test_a_build_that_fails_says_what_to_write(tmp_path: Path) -> None:
    snapshot = project(tmp_path / "tree", "echo no compiler here; exit 3")
    index_env = read_settings().index_environment()
    with pytest.raises(UserError, match="another `build`") as raised:
        build_environment(
            snapshot,
            read_recipe(snapshot.tree),
            open_sandbox("bubblewrap"),
            tmp_path / "home",
            index_env,
            lambda _: None,
        )
    assert "no compiler here" in raised.value.detail
