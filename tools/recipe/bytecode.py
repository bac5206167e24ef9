"""Bytecode for a side's tree, made alike for both sides, so that no process pays for compiling what it imports.

Sources are compiled inside the sandbox into a folder apart and moved beside them by us: nothing of the target runs, and
nothing inside writes to the tree. The bytecode is checked against its source's hash at import, so it cannot be stale.
"""

import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from tools.git.trees import scratch_folder
from tools.recipe.environment import PROJECT, Environment
from tools.sandbox.contract import Limits, Mount, Sandbox

OUTPUT = "/bytecode"
LIMITS = Limits(wall_s=300.0)


def compile_side(
    sandbox: Sandbox, environment: Environment, tree: Path, home: Path, *, base: Path | None, changed: Collection[str]
) -> None:
    """Give `tree` its bytecode, once; what is not in `changed` is linked from `base` where that has been compiled.

    A file that cannot be compiled is left to whoever imports it. Raises InfrastructureError where the sandbox fails.
    """
    marker = tree.with_name(f"{tree.name}.bytecode")
    if marker.exists():
        return
    if base is not None and base != tree:
        _link_unchanged(base, tree, changed)
        sources = [path for path in changed if path.endswith(".py") and (tree / path).is_file()]
    else:
        sources = [""]
    if sources:
        _compile(sandbox, environment, tree, home, sources)
    marker.touch()


def _compile(sandbox: Sandbox, environment: Environment, tree: Path, home: Path, sources: Collection[str]) -> None:
    with scratch_folder(home) as scratch:
        output = scratch / "bytecode"
        output.mkdir()
        command = environment.python_command(
            (
                *("-I", "-X", f"pycache_prefix={OUTPUT}", "-m", "compileall", "-q", "-j", "2"),
                *("--invalidation-mode", "checked-hash"),
                *(str(PurePosixPath(PROJECT, path)) for path in sources),
            ),
            tree,
            hash_seed=0,
            limits=LIMITS,
            extra_mounts=(Mount(source=output, target=OUTPUT, mode="rw"),),
        )
        sandbox.run(command)
        for found in _bytecode(output / PROJECT.lstrip("/")):
            place = tree / found.relative_to(output / PROJECT.lstrip("/")).parent / "__pycache__"
            place.mkdir(exist_ok=True)
            shutil.move(found, place / found.name)


def _link_unchanged(base: Path, tree: Path, changed: Collection[str]) -> None:
    """The base's bytecode of every source that both trees share."""
    tags = {str(PurePosixPath(path).with_suffix("")) for path in changed}
    for found in _bytecode(base):
        folder = found.parent.parent.relative_to(base)
        place = tree / folder / "__pycache__" / found.name
        if str(PurePosixPath(folder, found.name.partition(".")[0])) in tags or not (tree / folder).is_dir():
            continue
        place.parent.mkdir(exist_ok=True)
        if not place.exists():
            os.link(found, place)


def _bytecode(root: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(root):
        yield from (Path(folder, name) for name in names if name.endswith(".pyc"))
