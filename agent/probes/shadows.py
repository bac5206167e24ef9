"""New modules that would be imported in the place of others: of the standard library, or of what is installed."""

import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

from agent.bench import Bench
from tools.git.patch import parse_patch

STANDARD = "its name is one of the standard library: it would be imported in that module's place"
INSTALLED = "its name is one of an installed distribution: it would be imported in that module's place"


def shadows(bench: Bench) -> list[tuple[str, str]]:
    """New top-level modules of the patch that hide another, each with the reason."""
    tree = bench.baseline.snapshot.tree
    installed, folders = _installed(bench), _folders(bench)
    found = []
    for path in parse_patch(bench.candidate.patch).paths:
        if (tree / path).exists():
            continue
        for folder, name in _top_level(path):
            known = (tree / folder / name).exists() or (tree / folder / f"{name}.py").exists()
            if known or folder not in folders:
                continue
            if name in sys.stdlib_module_names:
                found.append((path, STANDARD))
            elif name in installed:
                found.append((path, INSTALLED))
    return found


def _top_level(path: str) -> Iterator[tuple[PurePosixPath, str]]:
    """(folder, name) as which a file would be found by an import without dots, were the folder on the path."""
    pure = PurePosixPath(path)
    if pure.suffix != ".py":
        return
    if pure.stem == "__init__":
        yield pure.parent.parent, pure.parent.name
    else:
        yield pure.parent, pure.stem


def _folders(bench: Bench) -> set[PurePosixPath]:
    """Folders that stand ahead of the standard library on the import path: the project's own, its sources, and that
    of a script that a command starts."""
    base = PurePosixPath(bench.baseline.snapshot.subdirectory)
    scripts = [word for workload in bench.baseline.named for word in (workload.command or "").split()]
    return {
        base,
        *(base / source for source in bench.baseline.recipe.sources),
        *((base / word).parent for word in scripts if word.endswith(".py")),
    }


def _installed(bench: Bench) -> set[str]:
    names = set()
    for packages in bench.baseline.environment.venv.glob("lib*/python*/site-packages"):
        for entry in packages.iterdir():
            name = entry.name.partition(".")[0]
            if name.isidentifier() and (entry.suffix in (".py", ".so") or entry.is_dir()):
                names.add(name)
    return names
