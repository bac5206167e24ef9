"""The functions worth changing: hot, covered by tests, and the project's own code."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from tools.impact import Touched
from tools.profile.left_out import LeftOut, Omissions, Refusal
from tools.profile.profile import FunctionTime, Profile
from tools.profile.source import MODULE_LEVEL, Function
from tools.recipe.recipe import Recipe

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
    findings: int = 0
    """Places that the rewriter could change; 0 where that was not looked at."""

    @property
    def name(self) -> str:
        """`module:qualname`."""
        return f"{self.module}:{self.qualname}"


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The targets, the most promising first, and what was left out of them."""

    targets: tuple[Target, ...]
    left_out: tuple[LeftOut, ...]


def rank_targets(
    profile: Profile,
    touched: Touched | None,
    recipe: Recipe,
    *,
    subdirectory: str = "",
    off_limits: Callable[[str], bool] = lambda _path: False,
    smallest_share: float = SMALLEST_SHARE,
    text_of: Callable[[str], str] = lambda _path: "",
    changed: Collection[Function] | None = None,
) -> Ranking:
    """Targets, the most promising first: by time (own, with cumulative for a part) and by how well tests cover it.

    Left out: tests, fixtures, vendored and generated code, what `off_limits` or the recipe forbids, code that runs at
    import only, where `touched` is known functions that no test runs, and where `changed` is given all others.
    """
    test_files = {test.split("::", 1)[0] for test in (touched.by_test if touched else ())}
    refusal = Refusal(recipe, test_files, subdirectory=subdirectory, off_limits=off_limits, text_of=text_of)
    coverage = _coverage(touched)
    targets, omissions = [], Omissions()
    for time in profile.functions:
        function = Function(path=time.path, qualname=time.qualname)
        name = f"{time.module}:{time.qualname}"
        if why := refusal.why(time.path):
            omissions.add(why, time, time.path)
        elif time.module is None or time.qualname == MODULE_LEVEL:
            omissions.add("code that runs at import", time, time.path)
        elif changed is not None and function not in changed:
            omissions.add("unchanged since the ref", time, name)
        elif touched is not None and function not in coverage:
            omissions.add("no test runs it", time, name)
        elif time.cumulative_share < smallest_share:
            omissions.add("too small a share to see", time, name)
        else:
            targets.append(_target(time, time.module, coverage.get(function, 0)))
    ranked = sorted(targets, key=lambda one: (-worth(one), one.path, one.line))
    return Ranking(targets=tuple(ranked), left_out=omissions.all())


def _coverage(touched: Touched | None) -> dict[Function, int]:
    coverage: dict[Function, int] = {}
    for functions in touched.by_test.values() if touched else ():
        for function in functions:
            coverage[function] = coverage.get(function, 0) + 1
    return coverage


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


def worth(target: Target) -> float:
    """Share of the time, and less of it where few tests would notice a mistake: half for one, 3/4 for two."""
    share = target.own_share + CUMULATIVE_WEIGHT * target.cumulative_share
    return share * (1 - 0.5**target.covered_by if target.covered_by else 1.0)
