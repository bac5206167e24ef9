"""Find out how a project is installed and tested, by reading its files and never running its code."""

import platform
import sys
from collections.abc import Iterable
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from tools.recipe.choice import Choice
from tools.recipe.declared import Declared, distribution
from tools.recipe.known_distributions import MODULE_DISTRIBUTIONS
from tools.recipe.layout import find_sources, find_tests, python_files, test_files, top_modules
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
from tools.recipe.setuptools_files import read_setup_cfg, read_setup_py
from tools.recipe.test_needs import TestNeeds, imports_of, read_test_needs

MOST_TEST_FILES = 800


def read_declared(project: Path) -> Declared:
    """Everything the project's packaging files declare, the newest kind of file first."""
    return read_pyproject(project).or_else(read_setup_cfg(project)).or_else(read_setup_py(project))


def detect(project: Path) -> Recipe:
    """A recipe for a project that pytest can test; `notes` says each decision and where it comes from.

    Raises:
        UserError: a file that must be read is not valid TOML.
    """
    declared = read_declared(project)
    config = read_pytest_config(project)
    sources = find_sources(project, declared.sources)
    tests = () if config.settings.get("testpaths") else find_tests(project, sources)
    chosen = Choice(project, declared)
    chosen.take_test_requirements()
    own = sort_arguments(config.texts("addopts"))
    arguments, argument_notes = _pytest_arguments(config, own, declared)
    files = _test_code(project, tests or config.texts("testpaths"))
    needs = read_test_needs(project, files)
    needs.modules |= warning_modules(config)
    local = _local_names(project, sources, files)
    chosen.take_needed(
        plugin_packages(config, own.kept) | _needed(needs, declared, local, [project / source for source in sources])
    )
    chosen.take_pytest()
    python, python_notes = _python(declared)
    return Recipe(
        python=python,
        install=tuple(chosen.install),
        editable=declared.installable,
        extras=tuple(chosen.extras),
        groups=tuple(chosen.groups),
        sources=sources,
        tests=tests,
        pytest_args=arguments,
        notes=tuple(
            dict.fromkeys(
                _layout_notes(declared, sources, tests, config)
                + python_notes
                + chosen.notes
                + argument_notes
                + list(declared.unread)
            )
        ),
    )


def _layout_notes(
    declared: Declared, sources: tuple[str, ...], tests: tuple[str, ...], config: PytestConfig
) -> list[str]:
    where = ", ".join(f"`{folder}`" for folder in sources)
    notes = [f"Importable code is looked for in {where}."]
    if not declared.installable:
        notes.append("No build settings were found: the sources are put on the path instead of installing the project.")
    if config.settings.get("testpaths"):
        notes.append(f"Tests are where `testpaths` in {config.file} says.")
    elif tests:
        notes.append(f"Tests were found in {', '.join(f'`{name}`' for name in tests)}.")
    else:
        notes.append("No tests were found; name them with `tests` in hasten.toml.")
    return notes


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
