"""Which files hold no targets, and why: tests, copies of other people's code, generated code, what is off limits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

import pathspec

from tools.profile.generated import is_generated
from tools.profile.profile import FunctionTime
from tools.recipe.recipe import Recipe

VENDORED = frozenset({
    *("_vendor", "_vendored", "vendor", "vendored", "vendors", "extern", "externals", "third_party", "thirdparty"),
    *("site-packages", "node_modules"),
})  # fmt: skip
BESIDE = frozenset({"examples", "example", "docs", "doc", "benchmarks", "benchmark", "bench", "asv_bench"})
TESTS = frozenset({"tests", "test", "unit_tests", "unittests", "fixtures"})
MOST_EXAMPLES = 3


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Functions that are no targets for one reason."""

    why: str
    """In a few words: `generated code`, `tests`."""
    functions: int
    own_share: float
    """Of the time, 0 to 1, all of them together."""
    examples: tuple[str, ...]
    """Some of their files, or of their names where the reason is not one of files; the hottest first."""


class Refusal:
    """Says of a path why its functions are no targets."""

    def __init__(
        self,
        recipe: Recipe,
        test_files: Iterable[str],
        *,
        subdirectory: str = "",
        off_limits: Callable[[str], bool] = lambda _path: False,
        text_of: Callable[[str], str] = lambda _path: "",
    ) -> None:
        self._base = PurePosixPath(subdirectory)
        self._test_files = frozenset(test_files)
        self._forbidden = pathspec.GitIgnoreSpec.from_lines(recipe.off_limits)
        self._off_limits = off_limits
        self._text_of = text_of
        self._known: dict[str, str | None] = {}

    def why(self, path: str) -> str | None:
        """The reason in a few words; None where the file's functions may be targets."""
        if path not in self._known:
            self._known[path] = self._why(path)
        return self._known[path]

    def _why(self, path: str) -> str | None:
        pure = PurePosixPath(path)
        within = pure.relative_to(self._base) if pure.is_relative_to(self._base) else pure
        folders = set(within.parts[:-1])
        if folders & VENDORED:
            return "vendored code"
        if folders & TESTS or _is_test(pure.name) or {path, within.as_posix()} & self._test_files:
            return "tests"
        if folders & BESIDE or pure.name in ("setup.py", "noxfile.py"):
            return "examples, documentation and benchmarks"
        if is_generated(path, self._text_of(path)):
            return "generated code"
        if self._forbidden.match_file(within.as_posix()):
            return "off limits by the project's configuration"
        return "off limits" if self._off_limits(path) else None


def _is_test(name: str) -> bool:
    return name == "conftest.py" or name.startswith("test_") or name.endswith(("_test.py", "_tests.py"))


class Omissions:
    """Gathers what was left out, reason by reason."""

    def __init__(self) -> None:
        self._seen: dict[str, list[tuple[FunctionTime, str]]] = {}

    def add(self, why: str, time: FunctionTime, example: str) -> None:
        """One function that is no target."""
        self._seen.setdefault(why, []).append((time, example))

    def all(self) -> tuple[LeftOut, ...]:
        """One entry a reason, the largest share first."""
        found = [
            LeftOut(
                why=why,
                functions=len(times),
                own_share=sum(time.own_share for time, _ in times),
                examples=tuple(dict.fromkeys(example for _, example in sorted(times, key=_hotter)))[:MOST_EXAMPLES],
            )
            for why, times in self._seen.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.own_share, one.why)))


def _hotter(entry: tuple[FunctionTime, str]) -> float:
    return -entry[0].own_share
