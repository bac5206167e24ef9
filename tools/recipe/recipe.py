"""How a project is installed, tested and benchmarked: detected, or read from its configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.recipe.tables import GoalTable, WorkloadTable


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How to install, build and test a project; paths are relative to the project's folder.

    Read from `hasten.toml` or `[tool.hasten]` where they stand; whatever they leave out is detected.
    """

    python: str | None = None
    """The interpreter, as `uv venv --python` takes it; None for the one Hasten runs on."""
    install: tuple[str, ...] = ()
    """Requirements, in the form a requirements file takes (`pytest>=8`, `-r requirements/test.txt`)."""
    editable: bool = True
    """Install the project itself, editable; False puts its sources on the path instead."""
    extras: tuple[str, ...] = ()
    """Extras of the project to install."""
    groups: tuple[str, ...] = ()
    """Dependency groups (PEP 735) to install."""
    build: str | None = None
    """A shell command that builds what the project's commands run, after it was installed."""
    sources: tuple[str, ...] = (".",)
    """Folders that hold importable code (`src`, `.`): where targets are looked for."""
    tests: tuple[str, ...] = ()
    """Files and folders that pytest is given; empty lets pytest's own configuration decide."""
    test_scripts: tuple[str, ...] = ()
    """Plain Python files that are run, each a test that passes where it ends with exit code 0."""
    test: tuple[str, ...] = ()
    """Shell commands, each a test that passes where it ends with exit code 0; pytest then runs only what is named."""
    pytest_args: tuple[str, ...] = ()
    """Further arguments for pytest."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Environment variables of every command."""
    off_limits: tuple[str, ...] = ()
    """Further paths (gitignore patterns) that no candidate may touch."""
    bench: str | None = None
    """A command worth making faster, `{seed}` where it takes one."""
    workload: WorkloadTable | None = None
    """A workload file by its path or its text, or another command."""
    goal: GoalTable | None = None
    """What counts as worth having; None for the usual."""
    float_tolerance: float = 0.0
    """Relative tolerance within which two floats count as equal; 0 compares bit for bit."""
    tests_budget_s: float = 120.0
    """Where one run of the suite takes longer, a candidate faces its impacted tests and a seeded sample."""
    test_limit_s: float = 30.0
    """A test that takes longer, or a test file whose import does, is taken to hang and is set aside."""
    notes: tuple[str, ...] = ()
    """What detection decided and from which file, a sentence each."""

    @property
    def uses_pytest(self) -> bool:
        """Whether pytest runs: always, but where commands test and nothing is named for pytest."""
        return bool(not self.test or self.tests or self.test_scripts)
