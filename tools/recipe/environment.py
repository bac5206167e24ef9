"""The target's environment: built once in a sandbox, sealed, and mounted read-only beside the tree of either side."""

import errno
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.errors import InfrastructureError
from tools.git.snapshot import Snapshot
from tools.recipe.build_inputs import environment_digest
from tools.recipe.disguise import Disguise
from tools.recipe.driver_copy import copy_driver
from tools.recipe.environment_build import EnvironmentBuild
from tools.recipe.generated import remove
from tools.recipe.interpreter import Interpreter, find_interpreter
from tools.recipe.places import DRIVER, ENV, PROJECT, project_folder
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Command, Limits, Mount, Sandbox

# `python -m pytest` puts the folder it starts in first on the path, spelt out; `python -c` puts '' there, which follows
# every later chdir. The driver's own folder is on the path only while the driver is imported.
BOOTSTRAP = (
    "import os, sys; sys.path[0] = os.getcwd(); sys.path.insert(0, '/hasten'); "
    "from _hasten_driver.main import main; del sys.path[0]; main()"
)


@dataclass(frozen=True, kw_only=True)
class Environment:
    """A sealed environment and how commands run in it."""

    digest: str
    """Of everything that defines it: recipe, build inputs, interpreter."""
    venv: Path
    interpreter: Path
    """The host prefix that the venv's Python comes from, mounted at the same path."""
    generated: Path
    """Files that the build left in the project's tree (versions, extensions); laid over each side's tree."""
    driver: Path
    """Our own files that run inside, compiled for its Python."""
    subdirectory: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    """The recipe's variables."""
    python_version: str = ""
    """Such as `3.11.7`."""
    notes: tuple[str, ...] = ()
    """What the build had to decide, a sentence each."""

    @property
    def cwd(self) -> str:
        """The project's own folder inside the sandbox, where every command starts."""
        return project_folder(self.subdirectory)

    def mounts(self, tree: Path, *, writable: bool = False) -> tuple[Mount, ...]:
        """What a command sees: one side's `tree` (a private copy if `writable`), the venv, its Python, the driver."""
        system = self.interpreter.is_relative_to("/usr")
        prefix = () if system else (Mount(source=self.interpreter, target=str(self.interpreter)),)
        return (
            Mount(source=tree, target=PROJECT, mode="copy" if writable else "ro"),
            Mount(source=self.venv, target=ENV),
            Mount(source=self.driver, target=DRIVER),
            *prefix,
        )

    def variables(self, *, hash_seed: int) -> dict[str, str]:
        """Environment variables of every command; `hash_seed` is within 0 and 2**32 - 1."""
        return {
            "LC_ALL": "C.UTF-8",
            **self.env,
            "PATH": f"{ENV}/bin:/usr/local/bin:/usr/bin:/bin",
            "VIRTUAL_ENV": ENV,
            "PYTHONHASHSEED": str(hash_seed),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",
        }

    def python_command(
        self, args: Sequence[str], tree: Path, *, hash_seed: int, writable: bool = False,
        limits: Limits | None = None, core: int | None = None, extra_mounts: Sequence[Mount] = (),
    ) -> Command:  # fmt: skip
        """The environment's Python with `args`, in the project's folder on one side's `tree`."""
        return Command(
            argv=(f"{ENV}/bin/python", *args),
            cwd=self.cwd,
            env=self.variables(hash_seed=hash_seed),
            mounts=(*self.mounts(tree, writable=writable), *extra_mounts),
            limits=limits or Limits(),
            core=core,
        )

    def driver_command(
        self, mode: str, arguments: Sequence[str], tree: Path, *, hash_seed: int, writable: bool = False,
        limits: Limits | None = None, core: int | None = None, extra_mounts: Sequence[Mount] = (),
    ) -> Command:  # fmt: skip
        """The driver in one of its modes.

        Imports resolve as under `python -m pytest` from the project's folder: `sys.path[0]` is that folder, and the
        driver's own is gone by the time code of the project runs.
        """
        return self.python_command(
            ("-c", BOOTSTRAP, mode, *arguments), tree,
            hash_seed=hash_seed, writable=writable, limits=limits, core=core, extra_mounts=extra_mounts,
        )  # fmt: skip

    def disguised_command(self, mode: str, usual: Command, disguise: Disguise, scratch: Path) -> Command:
        """A `driver_command` under other names; `scratch` is an empty folder that outlives the command."""
        return replace(
            usual,
            argv=(f"{ENV}/bin/python", disguise.script),
            cwd=disguise.place(usual.cwd),
            env=disguise.variables(usual.env),
            mounts=disguise.mounts(usual.mounts, self.venv, scratch, mode),
        )


def build_environment(
    snapshot: Snapshot, recipe: Recipe, sandbox: Sandbox, home: Path,
    index_env: Mapping[str, str], report: Callable[[str], None],
) -> Environment:  # fmt: skip
    """The environment for a snapshot, built where `home` does not hold it yet; two jobs that ask at once build it once.

    `index_env` is what `index_settings` made of the user's environment. `report` is told each step as it starts. The
    build happens beside its final place and is renamed when whole: a killed one leaves nothing that would be used.

    Raises:
        UserError: no fitting interpreter, or a step failed; the message says what to write in hasten.toml.
        InfrastructureError: the package index or the sandbox failed.
    """
    interpreter = find_interpreter(recipe.python)
    digest = environment_digest(snapshot, recipe, interpreter)
    folder = home / "environments" / digest
    folder.parent.mkdir(parents=True, exist_ok=True)
    sweep_builds(home)
    with _locked(folder.parent / f"{digest}.lock"):
        if not folder.is_dir():
            _build(snapshot, recipe, sandbox, interpreter, folder, index_env, report)
    return _load(folder, snapshot, recipe, interpreter, copy_driver(home, interpreter))


def sweep_builds(home: Path) -> int:
    """Remove what killed builds left behind; how many. A build under way holds its lock and is left alone."""
    removed = 0
    for left in (home / "environments").glob(".building-*"):
        digest = left.name.removeprefix(".building-")
        with _locked(left.parent / f"{digest}.lock", wait=False) as held:
            if held and left.is_dir():
                remove(left)
                removed += 1
    return removed


def _build(
    snapshot: Snapshot, recipe: Recipe, sandbox: Sandbox, interpreter: Interpreter,
    folder: Path, index_env: Mapping[str, str], report: Callable[[str], None],
) -> None:  # fmt: skip
    """Build beside the final place and rename."""
    partial = folder.with_name(f".building-{folder.name}")
    remove(partial)
    partial.mkdir()
    try:
        built = EnvironmentBuild(
            snapshot=snapshot, recipe=recipe, sandbox=sandbox, interpreter=interpreter,
            folder=partial, index_env=index_env, report=report,
        ).run()  # fmt: skip
        (partial / "environment.json").write_text(json.dumps({"notes": built.notes}), encoding="utf-8")
        partial.rename(folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise InfrastructureError(f"The disk that holds {folder.parent} is full.", retryable=True) from error
        raise
    finally:
        remove(partial)


def _load(folder: Path, snapshot: Snapshot, recipe: Recipe, interpreter: Interpreter, driver: Path) -> Environment:
    written = json.loads((folder / "environment.json").read_text(encoding="utf-8"))
    return Environment(
        digest=folder.name,
        venv=folder / "venv",
        interpreter=interpreter.prefix,
        generated=folder / "generated",
        driver=driver,
        subdirectory=snapshot.subdirectory,
        env=recipe.env,
        python_version=interpreter.version,
        notes=tuple(written["notes"]),
    )


@contextmanager
def _locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold a lock that the kernel drops when we die; False where another holds it and `wait` is not set."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


__all__ = ["DRIVER", "ENV", "PROJECT", "Environment", "build_environment", "sweep_builds"]
