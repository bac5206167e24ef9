"""The repository's own benchmarks: where they stand, and which functions each of them spends its time in."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tools.profile.profile import MalformedStacksError, Profile, read_profile
from tools.profile.source import Function, SourceIndex
from tools.recipe.environment import PROJECT
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Limits
from tools.sandbox.frames import FrameLine, LineBroken
from tools.workload.session import Side
from tools.workload.workload import Workload, benchmark_workload

BUDGET_S = 60.0
"""For all benchmarks of a suite together, a fifth of a second of samples each."""
LIMIT_S = 120.0
MOST_BENCHMARKS = 500
MOST_FILES = 200
MOST_FILE_BYTES = 1024 * 1024
_NOT_LOOKED_INTO = frozenset({".git", ".tox", ".nox", ".venv", "venv", "node_modules", "site-packages", "__pycache__"})
_PYTEST = re.compile(rb"\bdef \w+\([^)]*\bbenchmark\b|\bmark\.benchmark\b")
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
_TRAILING = re.compile(r",(\s*[}\]])")
_BENCHMARK_OPTIONS = ("--benchmark", "--codspeed")


@dataclass(frozen=True, kw_only=True)
class Suite:
    """Benchmarks of one framework."""

    framework: str
    """pytest or asv."""
    files: tuple[str, ...]
    """By path from the repository's root."""
    folder: str = ""
    """Of asv: its `benchmark_dir`, from the repository's root."""


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """One benchmark that runs, and where its time goes."""

    workload: Workload
    group: str
    """The benchmark without its parameters: those of one group are one benchmark at several sizes."""
    profile: Profile
    call_s: float
    """A call's time as the target's process has it: for ordering, never for judging."""

    def share(self, function: Function) -> float:
        """The share of its time in the project that is spent in a function and below it, 0 to 1."""
        for time in self.profile.functions:
            if (time.path, time.qualname) == (function.path, function.qualname):
                return time.cumulative_share
        return 0.0


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The benchmarks of a repository."""

    benchmarks: tuple[Benchmark, ...] = ()
    missed: tuple[tuple[str, str], ...] = ()
    """Those that cannot be used: name and reason."""
    stacks: tuple[Mapping[str, object], ...] = ()
    """What the sampler saw, benchmark by benchmark."""


def find_suites(project: Path, tree: Path) -> tuple[Suite, ...]:
    """The benchmark suites of a project by its files alone: asv's configuration, and tests that ask for `benchmark`."""
    suites = []
    for configuration in sorted(project.glob("asv.conf.json")) + sorted(project.glob("*/asv.conf.json")):
        folder = _asv_folder(configuration)
        if folder is not None and folder.is_dir() and folder.resolve().is_relative_to(tree.resolve()):
            files = tuple(path.relative_to(tree).as_posix() for path in sorted(folder.rglob("*.py"))[:MOST_FILES])
            suites.append(Suite(framework="asv", files=files, folder=folder.relative_to(tree).as_posix()))
            break
    found = [path.relative_to(tree).as_posix() for path in _python_files(project) if _asks_for_benchmark(path)]
    if found:
        suites.append(Suite(framework="pytest", files=tuple(found[:MOST_FILES])))
    return tuple(suites)


def _asv_folder(configuration: Path) -> Path | None:
    try:
        text = _TRAILING.sub(r"\1", _COMMENT.sub("", configuration.read_text("utf-8")))
        named = json.loads(text).get("benchmark_dir", "benchmarks")
    except (OSError, ValueError, AttributeError):
        return None
    folder = PurePosixPath(str(named))
    return None if folder.is_absolute() or ".." in folder.parts else configuration.parent / folder


def _python_files(project: Path) -> Iterator[Path]:
    for path in sorted(project.rglob("*.py")):
        if not _NOT_LOOKED_INTO & set(path.relative_to(project).parts) and path.is_file() and not path.is_symlink():
            yield path


def _asks_for_benchmark(path: Path) -> bool:
    if path.name == "conftest.py" or path.stat().st_size > MOST_FILE_BYTES:
        return False
    return bool(_PYTEST.search(path.read_bytes()))


def list_benchmarks(side: Side, suite: Suite, recipe: Recipe, sources: SourceIndex, home: Path) -> Listing:
    """Run each benchmark of a suite for a moment on the unchanged code."""
    limits = Limits(wall_s=LIMIT_S)
    command = side.environment.driver_command("benchmarks", (), side.tree, hash_seed=1, writable=True, limits=limits)
    frames: list[Mapping[str, object]] = []
    problem = ""
    with side.sandbox.spawn(command) as process:
        line = FrameLine(process)
        try:
            line.send({**_asked(suite, recipe), "budget_s": BUDGET_S}, timeout_s=30.0)
            while len(frames) < 2 * MOST_BENCHMARKS:
                frame = line.receive(timeout_s=LIMIT_S + 30.0)
                if frame.get("kind") == "end":
                    problem = str(frame.get("problem", ""))[:300]
                    break
                frames.append(frame)
            process.wait(timeout_s=5.0)
        except (LineBroken, TimeoutError):
            problem = f"its process broke off after {len(frames)} benchmarks"
            process.stop()
    missed = [(_name(frame), str(frame.get("why"))[:300]) for frame in frames if frame.get("kind") == "missed"]
    if problem:
        missed.append((f"{suite.framework} benchmarks", problem))
    ran = [frame for frame in frames if frame.get("kind") == "benchmark"]
    found = []
    for seen in ran:
        try:
            found.append(_benchmark(seen, suite, recipe, sources, home))
        except (MalformedStacksError, TypeError, ValueError) as error:
            missed.append((_name(seen), f"what came of it is not in order ({error})"))
    return Listing(benchmarks=tuple(found), missed=tuple(missed), stacks=tuple(ran))


def _name(frame: Mapping[str, object]) -> str:
    return str(frame.get("name"))[:200]


def _asked(suite: Suite, recipe: Recipe) -> dict[str, object]:
    if suite.framework == "asv":
        return {"framework": "asv", "folder": f"{PROJECT}/{suite.folder}", "modules": list(_modules(suite))}
    files = [f"{PROJECT}/{path}" for path in suite.files]
    return {"framework": "pytest", "pytest_args": _pytest_args(recipe), "files": files}


def _modules(suite: Suite) -> Iterator[str]:
    """asv's modules by the names it imports them under: its folder's name comes first."""
    folder = PurePosixPath(suite.folder)
    for path in map(PurePosixPath, suite.files):
        parts = (folder.name, *path.relative_to(folder).with_suffix("").parts)
        if parts[-1] != "__init__" and all(part.isidentifier() for part in parts):
            yield ".".join(parts)


def _pytest_args(recipe: Recipe) -> list[str]:
    """The suite's arguments without those that skip benchmarks or say how their plug-ins time them."""
    kept = [argument for argument in recipe.pytest_args if not argument.startswith(_BENCHMARK_OPTIONS)]
    return [
        " ".join(word for word in argument.split(" ") if not word.startswith(_BENCHMARK_OPTIONS))
        if argument.startswith("addopts=")
        else argument
        for argument in kept
    ]


def _benchmark(
    frame: Mapping[str, object], suite: Suite, recipe: Recipe, sources: SourceIndex, home: Path
) -> Benchmark:
    name, index = str(frame["name"])[:1000], int(str(frame["index"]))
    place: dict[str, object]
    if suite.framework == "asv":
        place = {"folder": f"{PROJECT}/{suite.folder}", "module": str(frame["module"]), "name": name, "index": index}
        shown, group = f"asv {name}({frame['params']})".replace("()", ""), name
    else:
        place = {"id": name, "file": str(frame["file"]), "pytest_args": _pytest_args(recipe)}
        shown, group = f"benchmark {name}", name.split("[")[0]
    return Benchmark(
        workload=benchmark_workload(shown, {"framework": suite.framework, **place}, home),
        group=group,
        profile=read_profile([frame], sources),
        call_s=max(0.0, float(str(frame["seconds"]))),
    )


def together(listings: Sequence[Listing]) -> Listing:
    """Several suites' benchmarks as one listing."""
    return Listing(
        benchmarks=tuple(one for listing in listings for one in listing.benchmarks)[:MOST_BENCHMARKS],
        missed=tuple(one for listing in listings for one in listing.missed),
        stacks=tuple(one for listing in listings for one in listing.stacks),
    )
