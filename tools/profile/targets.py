"""The functions worth changing: hot, covered by tests, and the project's own code."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

import pathspec

from tools.impact import Touched
from tools.profile.profile import FunctionTime, Profile
from tools.profile.source import MODULE_LEVEL, Function
from tools.recipe.recipe import Recipe

NOT_THE_PROJECTS = frozenset({
    *("_vendor", "_vendored", "vendor", "vendored", "vendors", "extern", "externals", "third_party", "thirdparty"),
    *("site-packages", "node_modules", "examples", "example", "docs", "doc", "benchmarks", "benchmark", "bench"),
    *("tests", "test", "unit_tests", "unittests", "fixtures"),
})  # fmt: skip
"""Names of folders whose code is a test, a copy of somebody else's, or not part of what users run."""
CUMULATIVE_WEIGHT = 0.05
"""What cumulative time is worth beside own time: a loop that calls too often has its cost below it."""
SMALLEST_SHARE = 0.005
"""Of cumulative time; a sampler sees less only by chance."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A function to change, with its share of the time and what covers it."""

    module: str
    qualname: str
    path: str
    """Relative to the repository's root."""
    line: int
    own_share: float
    cumulative_share: float
    covered_by: int
    """How many tests ran it; 0 where that was not looked at."""

    @property
    def name(self) -> str:
        """`module:qualname`."""
        return f"{self.module}:{self.qualname}"


def rank_targets(
    profile: Profile,
    touched: Touched | None,
    recipe: Recipe,
    *,
    subdirectory: str = "",
    off_limits: Callable[[str], bool] = lambda _path: False,
    smallest_share: float = SMALLEST_SHARE,
) -> tuple[Target, ...]:
    """Targets, the most promising first: by own time, with cumulative time for a part.

    Left out: tests, fixtures, vendored code, what `off_limits` or the recipe forbids, code that runs at import only,
    and, where `touched` is known, functions that no test runs.
    """
    refused = _refusal(recipe, touched, subdirectory, off_limits)
    coverage: dict[Function, int] = {}
    for functions in touched.by_test.values() if touched else ():
        for function in functions:
            coverage[function] = coverage.get(function, 0) + 1
    targets = []
    for time in profile.functions:
        covered_by = coverage.get(Function(path=time.path, qualname=time.qualname), 0)
        if time.module is None or time.qualname == MODULE_LEVEL or refused(time.path):
            continue
        if time.cumulative_share < smallest_share or (touched is not None and not covered_by):
            continue
        targets.append(_target(time, time.module, covered_by))
    return tuple(sorted(targets, key=lambda one: (-_worth(one), one.path, one.line)))


def _target(time: FunctionTime, module: str, covered_by: int) -> Target:
    return Target(
        module=module,
        qualname=time.qualname,
        path=time.path,
        line=time.line,
        own_share=time.own_share,
        cumulative_share=time.cumulative_share,
        covered_by=covered_by,
    )


def _worth(target: Target) -> float:
    return target.own_share + CUMULATIVE_WEIGHT * target.cumulative_share


def _refusal(
    recipe: Recipe, touched: Touched | None, subdirectory: str, off_limits: Callable[[str], bool]
) -> Callable[[str], bool]:
    base = PurePosixPath(subdirectory)
    test_files = {test.split("::", 1)[0] for test in (touched.by_test if touched else ())}
    forbidden = pathspec.GitIgnoreSpec.from_lines(recipe.off_limits)

    def refused(path: str) -> bool:
        pure = PurePosixPath(path)
        within = pure.relative_to(base) if pure.is_relative_to(base) else pure
        name = pure.name
        return (
            bool(NOT_THE_PROJECTS & set(within.parts[:-1]))
            or name in ("conftest.py", "setup.py", "noxfile.py")
            or name.startswith("test_")
            or name.endswith(("_test.py", "_tests.py"))
            or not test_files.isdisjoint((path, within.as_posix()))
            or forbidden.match_file(within.as_posix())
            or off_limits(path)
        )

    return refused
