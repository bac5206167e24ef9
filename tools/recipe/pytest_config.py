"""A project's pytest configuration: which file holds it, what it names, and which of its arguments would harm a run."""

import configparser
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tools.errors import UserError
from tools.recipe.pyproject import load_toml
from tools.recipe.toml_values import table, texts

# Options by the plugin that takes them, matched by prefix. pytest stops at an option nobody knows.
OPTION_PLUGINS = {
    "--asyncio-": "pytest-asyncio",
    "--timeout": "pytest-timeout",
    "--benchmark": "pytest-benchmark",
    "--hypothesis": "hypothesis",
    "--ds": "pytest-django",
    "--dc": "pytest-django",
    "--reuse-db": "pytest-django",
    "--create-db": "pytest-django",
    "--nomigrations": "pytest-django",
    "--no-migrations": "pytest-django",
    "--disable-socket": "pytest-socket",
    "--allow-hosts": "pytest-socket",
    "--allow-unix-socket": "pytest-socket",
    "--snapshot": "syrupy",
    "--doctest-plus": "pytest-doctestplus",
    "--doctest-rst": "pytest-doctestplus",
    "--remote-data": "pytest-remotedata",
    "--mpl": "pytest-mpl",
    "--xdoctest": "xdoctest",
    "--nbval": "nbval",
    "--typeguard-packages": "typeguard",
    "--trio": "pytest-trio",
    "--record-mode": "pytest-recording",
    "--block-network": "pytest-recording",
    "--markdown-docs": "pytest-markdown-docs",
}
INI_PLUGINS = {
    "asyncio_mode": "pytest-asyncio",
    "asyncio_default_fixture_loop_scope": "pytest-asyncio",
    "asyncio_default_test_loop_scope": "pytest-asyncio",
    "anyio_mode": "anyio",
    "timeout": "pytest-timeout",
    "timeout_method": "pytest-timeout",
    "timeout_func_only": "pytest-timeout",
    "mock_traceback_monkeypatch": "pytest-mock",
    "mock_use_standalone_module": "pytest-mock",
    "django_settings_module": "pytest-django",
    "django_find_project": "pytest-django",
    "django_debug_mode": "pytest-django",
    "env": "pytest-env",
    "env_files": "pytest-dotenv",
    "trio_mode": "pytest-trio",
    "qt_api": "pytest-qt",
    "doctest_plus": "pytest-doctestplus",
    "remote_data_strict": "pytest-remotedata",
    "bdd_features_base_dir": "pytest-bdd",
    "looponfailroots": "pytest-xdist",
    "freezegun_ignore_list": "pytest-freezegun",
    "httpx_mock": "pytest-httpx",
}
# What each of these prefixes does to a measured run, and whether it is followed by a value of its own.
HARMFUL = {
    "-n": ("runs tests in several processes", True),
    "--numprocesses": ("runs tests in several processes", True),
    "--maxprocesses": ("runs tests in several processes", True),
    "--dist": ("runs tests in several processes", True),
    "--no-cov": ("traces every line", False),
    "--cov": ("traces every line", False),
    "-x": ("stops at the first failure", False),
    "--exitfirst": ("stops at the first failure", False),
    "--maxfail": ("stops at the first failures", True),
    "--durations": ("adds lines to the report", True),
    "--junit": ("writes a file", True),
    "--html": ("writes a file", True),
    "--self-contained-html": ("writes a file", False),
    "--report-log": ("writes a file", True),
    "--basetemp": ("writes a folder", True),
    "--benchmark": ("runs or stores benchmarks", False),
    "--codspeed": ("runs benchmarks", False),
    "--memray": ("traces memory", False),
    "--profile": ("profiles", False),
    "--reruns": ("hides flaky tests", True),
    "--only-rerun": ("hides flaky tests", True),
    "--force-flaky": ("hides flaky tests", False),
    "--randomly": ("shuffles tests", False),
    "--random-order": ("shuffles tests", False),
    "--lf": ("depends on the last run", False),
    "--last-failed": ("depends on the last run", False),
    "--ff": ("depends on the last run", False),
    "--failed-first": ("depends on the last run", False),
    "--nf": ("depends on the last run", False),
    "--new-first": ("depends on the last run", False),
    "--sw": ("depends on the last run", False),
    "--stepwise": ("depends on the last run", False),
    "--cache-clear": ("depends on the last run", False),
    "--pdb": ("waits for a person", False),
    "--trace": ("waits for a person", False),
    "--flake8": ("checks style", False),
    "--mypy": ("checks types", False),
    "--pylint": ("checks style", False),
    "--black": ("checks style", False),
    "--isort": ("checks style", False),
    "--ruff": ("checks style", False),
    "--pycodestyle": ("checks style", False),
    "--pydocstyle": ("checks style", False),
    "--instafail": ("changes the report", False),
    "--forked": ("runs every test in a child process", False),
}
# These keep benchmarks from being run as tests are.
KEPT = {"--benchmark-skip", "--benchmark-disable"}
COV_VALUED = ("--cov-report", "--cov-config", "--cov-fail-under", "--cov-context")
EXACT = {"--ds", "--dc", "--lf", "--ff", "--nf", "--sw", "--trace", "--html", "--timeout", "--profile", "--black"}


@dataclass(frozen=True, kw_only=True)
class PytestConfig:
    """The configuration pytest would read in the project's folder."""

    file: str | None = None
    """Its file's name; None where the project has none."""
    settings: Mapping[str, Any] = field(default_factory=dict)

    def texts(self, key: str) -> tuple[str, ...]:
        """A setting as words, however its file writes it. Raises UserError where its quotation marks do not match."""
        value = self.settings.get(key, ())
        if not isinstance(value, str):
            return tuple(map(str, value)) if isinstance(value, list) else ()
        try:
            return tuple(shlex.split(value, comments=False))
        except ValueError as error:  # where pytest ends too, with a traceback
            raise UserError(
                f"`{key}` in {self.file} cannot be split into words: a quotation mark or a backslash in it has no "
                f"partner. Mend it and run again.",
                status=422,
            ) from error


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """The project's own pytest arguments, sorted by what becomes of them."""

    kept: tuple[str, ...]
    dropped: Mapping[str, str]
    """Argument to the reason it is left out."""


def read_pytest_config(project: Path) -> PytestConfig:
    """The configuration file that pytest would choose, in its order of precedence."""
    for name in ("pytest.toml", ".pytest.toml"):
        if (project / name).is_file():
            return PytestConfig(file=name, settings=table(load_toml(project / name), "pytest"))
    for name in ("pytest.ini", ".pytest.ini"):
        if (project / name).is_file():
            return PytestConfig(file=name, settings=_ini(project / name, "pytest") or {})
    tool = table(load_toml(project / "pyproject.toml"), "tool")
    if isinstance(tool.get("pytest"), Mapping):
        both = {**table(tool, "pytest"), **table(tool, "pytest", "ini_options")}
        return PytestConfig(file="pyproject.toml", settings=both)
    for name, section in (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        settings = _ini(project / name, section)
        if settings is not None:
            return PytestConfig(file=name, settings=settings)
    return PytestConfig()


def _ini(path: Path, section: str) -> dict[str, str] | None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        # Pytest itself reads it more leniently; without its settings the defaults apply, and pytest names the fault.
        return None
    return dict(parser.items(section)) if parser.has_section(section) else None


def warning_modules(config: PytestConfig) -> dict[str, str]:
    """Modules of the warning categories in `filterwarnings`, which pytest imports when it starts."""
    filters = config.settings.get("filterwarnings", ())
    lines = filters.splitlines() if isinstance(filters, str) else texts(filters)
    categories = (line.split(":")[2].strip() for line in lines if line.count(":") >= 2)
    return {name.partition(".")[0]: f"`filterwarnings` in {config.file}" for name in categories if "." in name}


def sort_arguments(arguments: tuple[str, ...]) -> Arguments:
    """Tell arguments that a measured, read-only, single-process run can take from those that would harm it."""
    kept: list[str] = []
    dropped: dict[str, str] = {}
    position = 0
    while position < len(arguments):
        argument = arguments[position]
        position += 1
        following = arguments[position] if position < len(arguments) else "-"
        reason, valued = _harm(argument)
        if reason is None:
            kept.append(argument)
        elif valued and "=" not in argument and not following.startswith("-"):
            dropped[f"{argument} {following}"] = reason
            position += 1
        else:
            dropped[argument] = reason
    return Arguments(kept=tuple(kept), dropped=dropped)


def _harm(argument: str) -> tuple[str | None, bool]:
    """Why an argument is dropped (None keeps it), and whether the next word is its value."""
    name = argument.partition("=")[0]
    if name in KEPT:
        return None, False
    if name.startswith("-n") and not name.startswith("--") and name != "-n":
        return HARMFUL["-n"][0], False
    if name in COV_VALUED:
        return HARMFUL["--cov"][0], True
    for option, (reason, valued) in HARMFUL.items():
        exact = option in EXACT or not option.startswith("--")
        if name == option or (not exact and name.startswith(option)):
            # `--cov` takes an optional value: a following word that is no option is the package to cover.
            optional = name == "--cov"
            return reason, valued or optional
    return None, False


def plugin_packages(config: PytestConfig, kept: tuple[str, ...]) -> dict[str, str]:
    """Distributions of plugins that the configuration names, each with what named it."""
    found: dict[str, str] = {}
    for key in config.settings:
        if key.lower() in INI_PLUGINS:
            found.setdefault(INI_PLUGINS[key.lower()], f"`{key}` in {config.file}")
    for text in config.texts("required_plugins"):
        found.setdefault(text, f"`required_plugins` in {config.file}")
    for argument, following in pairwise((*kept, "")):
        name = argument.partition("=")[0]
        for option, package in OPTION_PLUGINS.items():
            if name == option or (option not in EXACT and name.startswith(option)):
                found.setdefault(package, f"`{name}` in {config.file}")
        module = following if argument == "-p" else argument[2:] if argument.startswith("-p") else ""
        if module.startswith("pytest_") and "." not in module:
            found.setdefault(module.replace("_", "-"), f"`-p {module}` in {config.file}")
    return found
