"""Chooses what is installed for a project's tests, source by source, and says why."""

import platform
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tools.recipe.declared import Declared, distribution
from tools.recipe.hints import Hints
from tools.recipe.requirement_files import find_requirement_files, lines_of, own_extras, read_requirements

TEST_GROUPS = {"test", "tests", "testing", "unittest", "unittests", "unit-tests", "pytest", "test-deps", "tests-deps"}
DEVELOPMENT_GROUPS = {"dev", "devel", "develop", "development", "dev-dependencies", "dev-deps"}
# Tools of developers that no test needs; one that a test imports is installed all the same.
NOT_FOR_TESTS = re.compile(
    r"pre-commit|tox.*|nox|hatch|pdm|poetry|twine|wheel|bump.*|commitizen|towncrier|python-semantic-release|zest.*|"
    r"(flake8|pylint|mypy|pyright|basedpyright|ty|pyrefly|ruff|black|isort|bandit|codespell|pycodestyle|pydocstyle|vulture|"
    r"autoflake|pyupgrade|interrogate|pyroma|check-manifest|check-wheel-contents|build|pip-tools|safety)([-_].*)?|types-.*|"
    r"sphinx.*|furo|mkdocs.*|myst-.*|numpydoc|mdx.*|zensical|pydata-sphinx-theme|docutils|"
    r"autopep8|doc8|docformatter|pyflakes|mccabe|flit|restructuredtext-lint|coverage|coveralls|codecov|ipython|ipdb|jupyter.*|asv|pytest-(cov|xdist|sugar|randomly|random-order|codspeed|memray|"
    r"black|flake8|mypy|pylint|ruff|isort|instafail|html|rerunfailures|profiling|picked|watch)"
)


class Choice:
    """What will be installed, gathered source by source, with a note for each decision in `notes`."""

    def __init__(self, project: Path, declared: Declared, hints: Hints | None = None) -> None:
        self._project = project
        self._declared = declared
        self._hints = hints or Hints()
        self._files = find_requirement_files(project)
        self._left_out: dict[str, str] = {}
        self.install: dict[str, None] = {}
        self.extras: list[str] = []
        self.groups: list[str] = []
        self.notes: list[str] = []

    def take_test_requirements(self) -> None:
        """Requirements meant for tests, or where there are none those meant for developers, or any file of them."""
        if not (self._take_declared() or self._take_files(self._files.tests, "tests") or self._take_hints()):
            developing = self._take_development() or self._take_files(self._files.development, "development")
            if not developing or not self._declared.installable:
                self._take_files(self._files.runtime, "everything")
        elif not self._declared.installable:
            self._take_files(self._files.runtime, "the project")
        if not self._declared.installable:
            self._add(self._declared.dependencies)

    def take_needed(self, needed: dict[str, str]) -> None:
        """Distributions that configuration or test code names, with the version wanted where any file states one."""
        stated = {distribution(text): text for text in self._stated()}
        own = canonicalize_name(self._declared.name or "")
        for name, reason in needed.items():
            key = distribution(name)
            if key in self._covered() or key == own:
                continue
            if extra := self._extra_with(key):
                self.extras.append(extra)
                self.notes.append(f"The extra `{extra}` is installed for {reason}.")
            else:
                text = self._left_out.get(key or "") or stated.get(key) or name
                self.install[text] = None
                self.notes.append(f"{text} is installed for {reason}.")

    def _extra_with(self, name: str | None) -> str | None:
        """An extra that holds this distribution and what goes with it, unless it holds developers' tools too."""
        for extra, texts in self._declared.extras.items() if self._declared.installable else ():
            names = {distribution(text) for text in texts}
            if name in names and not any(NOT_FOR_TESTS.fullmatch(one or "") for one in names):
                return extra
        return None

    def take_pytest(self) -> None:
        """Pytest itself, and never one too old for the interpreter."""
        if "pytest" not in self._covered():
            self.install["pytest"] = None
            self.notes.append("pytest is installed; the project does not name it.")
        for text in list(self.install):
            if distribution(text) == "pytest" and (newer := _pytest_that_runs(text)):
                self.install = {newer if one == text else one: None for one in self.install}
                self.notes.append(
                    f"`{text}` does not run on Python {platform.python_version()}; `{newer}` is installed."
                )

    def _take_declared(self) -> bool:
        declared = self._declared
        self.extras = [name for name in declared.extras if canonicalize_name(name) in TEST_GROUPS]
        self.groups = [name for name in declared.groups if canonicalize_name(name) in TEST_GROUPS]
        others = [name for name in declared.development if canonicalize_name(name) in TEST_GROUPS]
        if self.extras and not declared.installable:
            self._add(text for name in self.extras for text in declared.extras[name])
            self.extras = []
        self.notes += [f"The extra `{name}` is installed." for name in self.extras]
        self.notes += [f"The dependency group `{name}` is installed." for name in self.groups]
        for name in others:
            self._add(declared.development[name])
            self.notes.append(f"The group `{name}` of the project's tool is installed.")
        return bool(self.extras or self.groups or others or self.install)

    def _take_hints(self) -> bool:
        """What tox or nox installs before it runs the tests."""
        hints, before = self._hints, (len(self.install), len(self.extras), len(self.groups))
        known_groups = {canonicalize_name(name): name for name in self._declared.groups}
        self._add_extras(hints.extras)
        self.groups += [known_groups[name] for name in map(canonicalize_name, hints.groups) if name in known_groups]
        self._add(lines_of(self._project, hints.deps))
        if (len(self.install), len(self.extras), len(self.groups)) == before:
            return False
        self.notes.append(f"Requirements for tests are taken from {hints.file}.")
        return True

    def _take_development(self) -> bool:
        declared, found = self._declared, False
        for kind in (declared.groups, declared.extras, declared.development):
            for name, texts in kind.items():
                if canonicalize_name(name) in DEVELOPMENT_GROUPS:
                    self._add(texts)
                    self.notes.append(f"No requirements for tests are named; `{name}` is installed less tools.")
                    found = True
        return found

    def _take_files(self, files: tuple[Path, ...], purpose: str) -> bool:
        for file in files:
            self._add(read_requirements(self._project, file))
            self.notes.append(f"Requirements for {purpose} are taken from {file.as_posix()}.")
        return bool(files)

    def _add(self, texts: Iterable[str]) -> None:
        """Add requirements, leaving out tools and the project itself, whose extras are taken as extras."""
        own = canonicalize_name(self._declared.name or "")
        for text in texts:
            name = distribution(text)
            if extras := own_extras(text):
                self._add_extras(extras)
            elif name is not None and name == own:
                self.extras += [extra for extra in sorted(Requirement(text).extras) if extra not in self.extras]
            elif name is not None and NOT_FOR_TESTS.fullmatch(name):
                self._left_out[name] = text
            else:
                self.install.setdefault(text)

    def _add_extras(self, names: Iterable[str]) -> None:
        """Add extras that the project declares, or what they hold where it cannot be installed."""
        known = {canonicalize_name(name): name for name in self._declared.extras}
        named = [known[name] for name in map(canonicalize_name, names) if name in known]
        if self._declared.installable:
            self.extras += [name for name in named if name not in self.extras]
        else:
            wanted = (text for name in named for text in self._declared.extras[name])
            self._add(text for text in wanted if not own_extras(text))  # an extra may name itself

    def _covered(self) -> set[str | None]:
        declared = self._declared
        texts = [*self.install, *(declared.dependencies if declared.installable else ())]
        texts += [text for name in self.extras for text in declared.extras.get(name, ())]
        texts += [text for name in self.groups for text in declared.groups.get(name, ())]
        return {distribution(text) for text in texts}

    def _stated(self) -> list[str]:
        files = (*self._files.runtime, *self._files.development, *self._files.tests)
        texts = [text for file in files for text in read_requirements(self._project, file)]
        return [*texts, *self._declared.everything()]


def _pytest_that_runs(text: str) -> str | None:
    """The oldest pytest series that runs on this interpreter, where `text` admits none that does."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return None
    if requirement.marker is not None and not requirement.marker.evaluate():
        return None
    oldest, series = ("7.4.4", ">=7.4.4,<8") if sys.version_info >= (3, 12) else ("6.2.5", ">=6.2.5,<7")
    runs = (oldest, "7.0.1", "7.1.3", "7.2.2", "7.3.2", "7.4.4", "8.0.2", "8.1.2", "8.2.2", "8.3.5", "8.4.2", "9.0.2")
    newer = SpecifierSet(f">={oldest}")
    if any(requirement.specifier.contains(version) for version in runs if newer.contains(version)):
        return None
    pinned = [one for one in requirement.specifier if one.operator in {"<", "<=", "==", "~="}]
    old = any(SpecifierSet(f"<{oldest}").contains(one.version.rstrip(".*"), prereleases=True) for one in pinned)
    return f"pytest{series}" if old else None
