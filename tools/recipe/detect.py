"""Find out how a project is installed and tested, by reading its files and never running its code."""

import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from tools.recipe.choice import Choice
from tools.recipe.declared import Declared, distribution
from tools.recipe.hints import Hints, TestCommands, read_commands
from tools.recipe.known_distributions import MODULE_DISTRIBUTIONS
from tools.recipe.layout import find_sources, find_tests, python_files, test_files, top_modules
from tools.recipe.nox import read_nox
from tools.recipe.odd_tests import find_odd_tests
from tools.recipe.pipfile import read_pipfile
from tools.recipe.pyproject import read_pyproject
from tools.recipe.pytest_config import (
    Arguments,
    PytestConfig,
    plugin_packages,
    read_pytest_config,
    sort_arguments,
    warning_modules,
)
from tools.recipe.recipe import Recipe
from tools.recipe.requirement_files import read_text
from tools.recipe.setuptools_files import read_setup_cfg, read_setup_py
from tools.recipe.test_needs import TestNeeds, imports_of, read_test_needs
from tools.recipe.tox import read_tox

MOST_TEST_FILES = 800
NOTE_ORDER = ("sources", "editable", "tests", "python", "install", "pytest_args", "env")


@dataclass(frozen=True, kw_only=True)
class Detected:
    """A recipe, and what decided each part of it."""

    recipe: Recipe
    reasons: Mapping[str, tuple[str, ...]]
    """Sentences by the key of `hasten.toml` that they are about."""


@dataclass(frozen=True, kw_only=True)
class _Tests:
    """What is run as tests, and why."""

    paths: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    doctest_modules: bool = False
    notes: tuple[str, ...] = ()


def read_declared(project: Path) -> Declared:
    """Everything the project's packaging files declare, the newest kind of file first."""
    packaging = read_pyproject(project).or_else(read_setup_cfg(project)).or_else(read_setup_py(project))
    return packaging.or_else(read_pipfile(project))


def read_hints(project: Path) -> Hints:
    """What the project's test runner says: tox's file, else nox's."""
    return read_tox(project).or_else(read_nox(project))


def detect(project: Path, *, pytest_runs: bool = True) -> Recipe:
    """A recipe for a project that pytest can test; `notes` says each decision and where it comes from.

    Without `pytest_runs` commands test it: nothing is looked for or installed that only pytest needs.

    Raises:
        UserError: a file that must be read is not valid TOML.
    """
    return explain(project, pytest_runs=pytest_runs).recipe


def explain(project: Path, *, pytest_runs: bool = True) -> Detected:
    """The recipe of `detect`, with the reasons of each key."""
    hints = read_hints(project)
    declared = read_declared(project).or_else(Declared(development={"its test runner": hints.deps}))
    config = read_pytest_config(project)
    sources = find_sources(project, declared.sources)
    tests = _tests(project, sources, config, read_commands(project, hints.commands), hints) if pytest_runs else _Tests()
    chosen = Choice(project, declared, hints)
    chosen.take_test_requirements()
    own = sort_arguments(config.texts("addopts"))
    arguments, argument_notes = _pytest_arguments(config, own, declared)
    if tests.doctest_modules and "--doctest-modules" not in own.kept:
        arguments = (*arguments, "--doctest-modules")
        argument_notes.append(f"Doctests of modules are run, as {hints.file} does.")
    files = _test_code(project, (*tests.paths, *tests.scripts) or config.texts("testpaths"))
    needs = read_test_needs(project, files)
    needs.modules |= warning_modules(config)
    local = _local_names(project, sources, files)
    chosen.take_needed(
        plugin_packages(config, own.kept) | _needed(needs, declared, local, [project / source for source in sources])
    )
    if pytest_runs:
        chosen.take_pytest()
    python, python_notes = _python(declared)
    reasons = {
        "python": python_notes,
        "install": [*chosen.notes, *declared.unread, *_unnamed_constraints(project)],
        "editable": _editable_notes(declared),
        "sources": [f"Importable code is looked for in {_quoted(sources)}."],
        "tests": [*tests.notes, *_sphinx_notes(project)],
        "pytest_args": argument_notes,
        "env": [f"Variables are set as {hints.file} sets them: {', '.join(hints.env)}."] if hints.env else [],
    }
    recipe = Recipe(
        python=python,
        install=tuple(chosen.install),
        editable=declared.installable,
        extras=tuple(dict.fromkeys(chosen.extras)),
        groups=tuple(dict.fromkeys(chosen.groups)),
        sources=sources,
        tests=tests.paths,
        test_scripts=tests.scripts,
        pytest_args=arguments,
        env=hints.env,
        notes=tuple(dict.fromkeys(note for key in NOTE_ORDER for note in reasons[key])),
    )
    return Detected(recipe=recipe, reasons={key: tuple(dict.fromkeys(notes)) for key, notes in reasons.items()})


def _tests(
    project: Path, sources: tuple[str, ...], config: PytestConfig, commands: TestCommands, hints: Hints
) -> _Tests:
    """What is given to pytest: what its configuration says, what is found by name, what a runner names, odd files."""
    if config.settings.get("testpaths"):
        return _Tests(notes=(f"Tests are where `testpaths` in {config.file} says.",))
    found = find_tests(project, sources, config.texts("python_files"))
    doctests = commands.doctest_modules and bool(commands.paths)
    if found or commands.paths:
        paths = _outermost((*found, *commands.paths) if doctests else found or commands.paths)
        why = "" if found else f", which {hints.file} names"
        return _Tests(paths=paths, doctest_modules=doctests, notes=(f"Tests were found in {_quoted(paths)}{why}.",))
    odd = find_odd_tests(project)
    if odd.modules:
        note = f"Tests were found in {_quoted(odd.modules)}, which pytest takes by name only."
        return _Tests(paths=odd.modules, notes=(note,))
    if scripts := commands.scripts or odd.scripts:
        why = f", as {hints.file} does" if commands.scripts else ""
        note = f"Scripts are run as tests{why}, each passing where it ends with exit code 0: {_quoted(scripts)}."
        return _Tests(scripts=scripts, notes=(note,))
    return _Tests(notes=("No tests were found; name them with `tests` in hasten.toml, or commands with `test`.",))


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """Paths less those within another of them, which pytest would collect twice."""
    unique = tuple(dict.fromkeys(paths))
    return tuple(
        path for path in unique if not any(parent != path and path.startswith(f"{parent}/") for parent in unique)
    )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _editable_notes(declared: Declared) -> list[str]:
    if declared.installable:
        return []
    return ["No build settings were found: the sources are put on the path instead of installing the project."]


def _unnamed_constraints(project: Path) -> list[str]:
    named = any("-c" in text or "--constraint" in text for text in (
        read_text(path) for path in project.glob("*requirements*.txt")
    ))  # fmt: skip
    if named or not (project / "constraints.txt").is_file():
        return []
    return [
        'constraints.txt is passed over, since no requirements file names it; `install = ["-c constraints.txt"]` does.'
    ]


def _sphinx_notes(project: Path) -> list[str]:
    """Doctests that only Sphinx runs are not tests of a recipe."""
    for name in ("docs", "doc", "docs/source", "doc/source"):
        file = project / name / "conf.py"
        if file.is_file() and "sphinx.ext.doctest" in file.read_text("utf-8", "replace"):
            return [f"The doctests that Sphinx runs by {name}/conf.py are left out."]
    return []


def _python(declared: Declared) -> tuple[str | None, list[str]]:
    """Another interpreter where the running one is not among those the project supports."""
    wanted = declared.requires_python
    try:
        fits = wanted is None or SpecifierSet(wanted).contains(platform.python_version(), prereleases=True)
    except InvalidSpecifier:
        return None, [f"`requires-python` is not a version specifier and was passed over: {wanted}."]
    return (None, []) if fits else (wanted, [f"The project asks for Python {wanted}."])


def _pytest_arguments(config: PytestConfig, own: Arguments, declared: Declared) -> tuple[tuple[str, ...], list[str]]:
    """Arguments for pytest: no cache, and the project's own `addopts` less what would harm a measured run."""
    notes = [f"`{argument}` of {config.file} is left out: it {why}." for argument, why in own.dropped.items()]
    # Without its plugin, `cache_dir` is an unknown setting, which `--strict-config` refuses.
    cached = "cache_dir" in config.settings
    arguments = ["-o", "cache_dir=/tmp/pytest_cache"] if cached else ["-p", "no:cacheprovider"]
    names = {distribution(text) for text in declared.everything()}
    for plugin, blocked in (("pytest-randomly", "no:randomly"), ("pytest-random-order", "no:random_order")):
        if plugin in names:
            arguments += ["-p", blocked]
            notes.append(f"{plugin} is switched off: tests run in one order.")
    if own.dropped:
        # `addopts` is emptied and given again only where something had to go, so that pytest's header shows the rest.
        arguments += ["-o", "addopts=", *own.kept]
    return tuple(arguments), notes


def _test_code(project: Path, tests: Iterable[str]) -> list[Path]:
    """Test files and every conftest that serves them, at most a fixed number."""
    found: dict[Path, None] = dict.fromkeys(project.glob("conftest.py"))
    for name in tests:
        for place in sorted(project.glob(name)) if not Path(name).is_absolute() else ():
            if place.is_file():
                found[place] = None
                continue
            found |= dict.fromkeys(path for path in python_files(place) if path.name == "conftest.py")
            found |= dict.fromkeys(test_files(place))
    return list(found)[:MOST_TEST_FILES]


def _local_names(project: Path, sources: tuple[str, ...], files: list[Path]) -> set[str]:
    """Top-level modules that the project or its tests provide themselves."""
    names = {name.partition(".")[0] for source in sources for name in top_modules(project / source)}
    folders = {project, *(path.parent for path in files)}
    for folder in folders:
        names |= {path.stem for path in folder.glob("*.py")} | {
            path.parent.name for path in folder.glob("*/__init__.py")
        }
    return names


def _needed(needs: TestNeeds, declared: Declared, local: set[str], sources: list[Path]) -> dict[str, str]:
    """Distributions the tests use: well-known ones, and any that the project itself declares somewhere.

    The latter also where a module of the project that a test imports needs them: those are its optional features.
    """
    found = needs.distributions(local)
    declared_names = {distribution(text) for text in declared.everything()}
    for module, file in {**needs.modules, **imports_of(needs.submodules, sources)}.items():
        name = distribution(MODULE_DISTRIBUTIONS.get(module, module)) or canonicalize_name(module)
        if module not in local and module not in sys.stdlib_module_names and name in declared_names:
            found.setdefault(name, f"`import {module}` in {file}")
    return found
