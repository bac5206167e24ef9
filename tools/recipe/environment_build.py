"""Builds an environment step by step inside a sandbox: every line of a setup script may be hostile."""

import json
import shlex
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import uv
from packaging.utils import canonicalize_name

from tools.errors import UserError
from tools.git.snapshot import Snapshot
from tools.recipe.build_failures import failure, last_line
from tools.recipe.build_inputs import has_native_sources
from tools.recipe.declared import Declared
from tools.recipe.detect import read_declared
from tools.recipe.generated import BUILD_FOLDERS, collect_generated, remove, take_over
from tools.recipe.interpreter import Interpreter
from tools.recipe.layout import top_modules
from tools.recipe.places import CACHE, ENV, PROJECT, UV, project_folder
from tools.recipe.recipe import Recipe
from tools.recipe.requirement_files import find_requirement_files, own_extras, read_requirements
from tools.recipe.way_out import WayOut, open_way_out
from tools.sandbox.contract import MIB, Command, Finished, Limits, Mount, Sandbox

LIMITS = Limits(
    wall_s=1200.0, memory_bytes=8192 * MIB, processes=1024, disk_bytes=4096 * MIB, files=500_000, output_bytes=64 * MIB
)
# The cache is one build's alone: what a hostile setup script puts there must reach no other.
UV_SETTINGS = {
    "UV_CACHE_DIR": CACHE,
    "UV_LINK_MODE": "copy",
    "UV_NO_PROGRESS": "1",
    "UV_PYTHON_DOWNLOADS": "never",
}
# Printed by the environment's own interpreter: where each module of the project is imported from, and whose it is.
ORIGINS = """
import importlib.metadata, importlib.util, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        spec = importlib.util.find_spec(name)
    except Exception:
        spec = None
    if spec is not None and spec.origin:
        found[name] = spec.origin
owners = {}
for distribution in importlib.metadata.distributions():
    for file in distribution.files or ():
        owners[str(distribution.locate_file(file))] = distribution.metadata["Name"]
print(json.dumps({name: [origin, owners.get(origin)] for name, origin in found.items()}))
"""
PATH_FILE = """
import pathlib, sys, sysconfig
path = pathlib.Path(sysconfig.get_path("purelib"), "_hasten_sources.pth")
path.write_text("".join(folder + "\\n" for folder in sys.argv[1:]), encoding="utf-8")
"""


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a build leaves in its folder: `venv/`, `generated/`, and these sentences."""

    notes: tuple[str, ...]


class EnvironmentBuild:
    """One build, in a folder of its own; nothing else may use the folder."""

    def __init__(
        self, *, snapshot: Snapshot, recipe: Recipe, sandbox: Sandbox, interpreter: Interpreter,
        folder: Path, index_env: Mapping[str, str], report: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._snapshot = snapshot
        self._recipe = recipe
        self._sandbox = sandbox
        self._interpreter = interpreter
        self._folder = folder
        self._index_env = index_env
        self._report = report
        self._declared: Declared = read_declared(snapshot.project)
        self._project = project_folder(snapshot.subdirectory)
        self._notes: list[str] = []
        self._way: WayOut

    def run(self) -> Built:
        """Build the virtual environment and collect what the build left in the tree.

        Raises:
            UserError: a step failed; the message names the command and what to write in hasten.toml.
            InfrastructureError: the package index could not be reached.
        """
        with open_way_out(self._index_env, self._folder, self._interpreter) as way:
            self._way = way
            return self._run()

    def _run(self) -> Built:
        for name in ("venv", "cache"):
            (self._folder / name).mkdir()
        shutil.copytree(self._snapshot.tree, self._folder / "tree", symlinks=True)
        self._make_venv()
        self._install_requirements()
        if not self._recipe.editable:
            self._put_on_path()
        elif not self._install_editable():
            self._install_declared()
            self._put_on_path()
        self._remove_own_release()
        if self._recipe.uses_pytest:
            self._check_pytest()
        self._run_build()
        self._compile()
        return self._seal()

    def _make_venv(self) -> None:
        self._report(f"Making a virtual environment with Python {self._interpreter.version}")
        finished, words = self._uv("venv", "--no-project", "--python", str(self._interpreter.executable), ENV)
        if not finished.ok:
            self._fail(words, finished, 'write `python = "3.12"`, or another version this machine has,')

    def _install_requirements(self) -> None:
        arguments = [word for text in self._recipe.install for word in _words(text)]
        arguments += [word for name in self._recipe.groups for word in ("--group", name)]
        if not arguments:
            return
        self._report("Installing what the tests need")
        finished, words = self._install(*arguments)
        if not finished.ok:
            key = "groups = []` and `install" if self._recipe.groups else "install"
            self._fail(words, finished, f'write the packages its tests need as `{key} = ["pytest", ...]`')

    def _install_editable(self) -> bool:
        """Whether it worked; a project without extension modules has another way."""
        self._report("Installing the project, editable")
        finished, words = self._install("--editable", self._editable(), env=self._versions())
        if finished.ok:
            return True
        if self._declared.native or has_native_sources(self._snapshot.project):
            self._fail(words, finished, "write what its build needs under `install` and `env`, or another `python`,")
        self._notes.append(
            f"The project could not be installed (`{words}`); its sources are put on the path and its declared "
            f"dependencies installed instead. {last_line(finished)}"
        )
        return False

    def _editable(self) -> str:
        extras = f"[{','.join(self._recipe.extras)}]" if self._recipe.extras else ""
        return self._project + extras

    def _install_declared(self) -> None:
        """What an editable install would have brought, resolved together with what the tests need."""
        declared = self._declared
        texts = list(declared.dependencies)
        texts += [text for extra in self._recipe.extras for text in declared.extras.get(extra, ())]
        if declared.unread and not declared.dependencies:
            for file in find_requirement_files(self._snapshot.project).runtime:
                texts += [text for text in read_requirements(self._snapshot.project, file) if not own_extras(text)]
        if not texts:
            return
        self._report("Installing the project's declared dependencies")
        arguments = [word for text in dict.fromkeys((*texts, *self._recipe.install)) for word in _words(text)]
        finished, words = self._install(*arguments)
        if not finished.ok:
            self._fail(words, finished, "write `editable = false` and what it needs under `install`")

    def _run_build(self) -> None:
        """What the project builds by itself: new files that it leaves in the tree are laid over both sides."""
        if self._recipe.build is None:
            return
        self._report(f"Building with `{self._recipe.build}`")
        finished = self._command(("/bin/sh", "-c", self._recipe.build), {}, self._project)
        if not finished.ok:
            self._fail(self._recipe.build, finished, "write another `build`")

    def _put_on_path(self) -> None:
        folders = [f"{self._project}/{folder}".removesuffix("/.") for folder in self._recipe.sources]
        finished, words = self._python("-I", "-c", PATH_FILE, *folders)
        if not finished.ok:
            self._fail(words, finished, "write another `python`")

    def _remove_own_release(self) -> None:
        """A dependency may have brought an earlier release of the project, which would be imported instead of it."""
        modules = [name for folder in self._recipe.sources for name in top_modules(self._snapshot.project / folder)]
        if not modules:
            return
        own = canonicalize_name(self._declared.name or "")
        for name in sorted(self._releases(modules)):
            if canonicalize_name(name) != own:
                self._notes.append(f"The package {name} brings a module that the project has too.")
                continue
            self._report(f"Removing the released {name} that a dependency brought")
            finished, words = self._uv("pip", "uninstall", name)
            if not finished.ok or name in self._releases(modules):
                self._fail(words, finished, "write an `install` without packages that bring the project's own release")
            self._notes.append(f"A dependency brought a release of {name}; it was removed.")

    def _releases(self, modules: list[str]) -> set[str]:
        """Distributions within the environment that the project's own modules would be imported from."""
        finished, _ = self._python("-I", "-c", ORIGINS, *modules)
        try:
            origins = json.loads(finished.stdout)
            return {str(owner) for origin, owner in origins.values() if owner and str(origin).startswith(f"{ENV}/")}
        except (ValueError, TypeError, AttributeError) as error:
            raise UserError(
                "The environment's Python does not answer plainly; something installed prints or exits at its start. "
                "Name the packages that are needed with `install` in hasten.toml.",
                status=422,
                detail=finished.tail(),
            ) from error

    def _check_pytest(self) -> None:
        # Starting it once also leaves its plugins' rewritten bytecode behind, which later, read-only starts use.
        finished, words = self._python("-m", "pytest", "--version", cwd="/tmp")
        if not finished.ok:
            self._fail(words, finished, 'write the packages its tests need as `install = ["pytest", ...]`')

    def _compile(self) -> None:
        """Bytecode that is never checked against its source, alike for both sides; files for other Pythons fail."""
        self._report("Compiling bytecode")
        self._python(
            "-I", "-m", "compileall", "-q", "-f", "-j", "2", "--invalidation-mode", "unchecked-hash", f"{ENV}/lib"
        )

    def _seal(self) -> Built:
        remove(self._folder / "cache")
        take_over(self._folder / "venv")
        kept = BUILD_FOLDERS if self._recipe.build else ()
        notes = collect_generated(self._snapshot.tree, self._folder / "tree", self._folder / "generated", kept=kept)
        remove(self._folder / "tree")
        return Built(notes=(*self._notes, *notes))

    def _install(self, *arguments: str, env: Mapping[str, str] | None = None) -> tuple[Finished, str]:
        """Run `uv pip install` with a way out to the package indexes; also the command as a person would type it."""
        inside, notes = self._way.arguments(arguments)
        self._notes += [note for note in notes if note not in self._notes]
        argv = self._way.command((UV, "pip", "install", *inside))
        settings = {**self._way.env, **UV_SETTINGS, **(env or {})}
        finished = self._command(argv, settings, self._project, self._way.mounts)
        return self._way.told(finished), shlex.join(["uv", "pip", "install", *arguments])

    def _uv(self, *arguments: str) -> tuple[Finished, str]:
        """Run uv for what needs no index; also the command as a person would type it."""
        return self._command((UV, *arguments), UV_SETTINGS, self._project), shlex.join(["uv", *arguments])

    def _python(self, *arguments: str, cwd: str = "/tmp") -> tuple[Finished, str]:
        words = shlex.join(["python", *(word if "\n" not in word else "..." for word in arguments)])
        return self._command((f"{ENV}/bin/python", *arguments), {}, cwd), words

    def _command(
        self, argv: tuple[str, ...], env: Mapping[str, str], cwd: str, further: tuple[Mount, ...] = ()
    ) -> Finished:
        environment = {
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            **self._recipe.env,
            "PATH": f"{ENV}/bin:/usr/local/bin:/usr/bin:/bin",
            "VIRTUAL_ENV": ENV,
            "PYTHONNOUSERSITE": "1",
            **env,
        }
        mounts = (*self._mounts(), *further)
        return self._sandbox.run(Command(argv=argv, cwd=cwd, env=environment, mounts=mounts, limits=LIMITS))

    def _mounts(self) -> tuple[Mount, ...]:
        system = self._interpreter.in_system
        prefix = () if system else (Mount(source=self._interpreter.prefix, target=str(self._interpreter.prefix)),)
        return (
            Mount(source=self._folder / "venv", target=ENV, mode="rw"),
            Mount(source=self._folder / "cache", target=CACHE, mode="rw"),
            Mount(source=self._folder / "tree", target=PROJECT, mode="rw"),
            Mount(source=Path(uv.find_uv_bin()).resolve(), target=UV),
            *prefix,
        )

    def _versions(self) -> dict[str, str]:
        """What version tools are told, for there is no git directory to ask."""
        version = self._snapshot.version
        return {
            "SETUPTOOLS_SCM_PRETEND_VERSION": version,  # hatch-vcs asks it too
            "PBR_VERSION": version,
            "PDM_BUILD_SCM_VERSION": version,
            "POETRY_DYNAMIC_VERSIONING_BYPASS": version,
            "UV_DYNAMIC_VERSIONING_BYPASS": version,
            "VERSIONEER_OVERRIDE": version,
        }

    def _fail(self, words: str, finished: Finished, remedy: str) -> NoReturn:
        raise self._way.trouble(finished) or failure(self._snapshot.source, words, finished, remedy, LIMITS.wall_s)


def _words(text: str) -> list[str]:
    """One line of a requirements file as arguments: an option and its value are two."""
    return shlex.split(text) if text.startswith("-") else [text]
