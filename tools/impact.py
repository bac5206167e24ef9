"""Which tests an edit can reach: the functions that it changes, against those that each test ran."""

import ast
import builtins
import math
import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tools.importgraph import ImportGraph
from tools.profile.source import MODULE_LEVEL, Function, SourceIndex
from tools.testreport import Baseline, Scope

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class Touched:
    """Which of the project's functions ran."""

    by_test: Mapping[str, frozenset[Function]]
    """By a test's id: in the test itself, its fixtures of any scope included."""
    at_import: frozenset[Function]
    """Before the first test: imports, collection, parametrisation."""

    def covered_by(self, function: Function) -> int:
        """How many tests ran it."""
        return sum(function in functions for functions in self.by_test.values())


@dataclass(frozen=True, kw_only=True)
class Selected:
    """The tests that a candidate faces."""

    ids: tuple[str, ...] | None
    """In the order of their worth; None for the whole suite."""
    scope: Scope
    """`full`; `impacted`; or `sample`, where impacted tests and a seeded sample of the rest, or of them, must do."""
    impacted: int
    """How many tests the edit can reach, run or not."""


def changed_functions(before: str, after: str) -> frozenset[str]:
    """The qualnames whose source differs, and MODULE_LEVEL where code that runs at import does.

    Comments, docstrings' places and layout do not count. A nested function belongs to the one around it. Decorators,
    defaults and annotations run at import. A function that is new counts as itself if its name is new to the module;
    anything else new, gone or not to be parsed counts as MODULE_LEVEL.
    """
    if before == after:
        return frozenset()
    try:
        old, new = ast.parse(before), ast.parse(after)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset({MODULE_LEVEL})
    old_bodies, new_bodies = _take_bodies(old), _take_bodies(new)
    names = _names(before)
    added = {name for name in new_bodies.keys() - old_bodies.keys() if _is_harmless(name, names)}
    new.body = [node for node in new.body if not (isinstance(node, FunctionNode) and node.name in added)]
    changed = {name for name in new_bodies.keys() & old_bodies.keys() if old_bodies[name] != new_bodies[name]} | added
    if ast.dump(old) != ast.dump(new):
        changed.add(MODULE_LEVEL)
    return frozenset(changed)


def _take_bodies(module: ast.Module) -> dict[str, str]:
    """What each function does, by qualname; what is left in `module` is what runs at import."""
    bodies: dict[str, str] = {}

    def take(body: Iterable[ast.AST], prefix: str) -> None:
        for node in body:
            if isinstance(node, FunctionNode):
                name = prefix + node.name
                # Defined twice (property setters, overloads, `if` and `else`): one name, all bodies.
                bodies[name] = bodies.get(name, "") + "\n".join(ast.dump(part) for part in node.body)
                node.body = []
            elif isinstance(node, ast.ClassDef):
                take(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
                take(ast.iter_child_nodes(node), prefix)

    take(module.body, "")
    return bodies


def _names(text: str) -> frozenset[str]:
    found: set[str] = set(dir(builtins))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, FunctionNode | ast.ClassDef):
            found.add(node.name)
    return frozenset(found)


def _is_harmless(name: str, names: Collection[str]) -> bool:
    # A new method may override one of a base class; a new function may not be seen under an old name.
    return "." not in name and name not in names and not name.startswith("__")


def impacted(
    touched: Touched,
    changes: Mapping[str, Collection[str]],
    *,
    tree: Path,
    sources: SourceIndex,
    durations_s: Mapping[str, float],
) -> tuple[str, ...]:
    """The ids of all tests that the edit can reach, the quickest and most specific first.

    `changes` are what `changed_functions` says, by path. An edit of what ran at import reaches every test that ran
    anything of the file, and every test of files that import it, at any remove; if no test file is seen to, all tests.
    """
    functions = {Function(path=path, qualname=name) for path, names in changes.items() for name in names}
    wide = {one.path for one in functions if one.qualname == MODULE_LEVEL or one in touched.at_import}
    reached = {test for test, ran in touched.by_test.items() if ran & functions or any(f.path in wide for f in ran)}
    if wide:
        files = _imports(tree, sources).importers(wide)
        by_import = {test for test in touched.by_test if _stands_in(test, files)}
        reached |= by_import or set(touched.by_test)
    return tuple(
        sorted(reached, key=lambda test: (_speed_class(durations_s.get(test)), len(touched.by_test[test]), test))
    )


@lru_cache(maxsize=4)
def _imports(tree: Path, sources: SourceIndex) -> ImportGraph:
    # Every candidate of a job asks about the same, unchanged tree, and reading all of its imports takes seconds.
    return ImportGraph(tree, sources)


def _stands_in(test: str, files: Collection[str]) -> bool:
    """Whether a test's file, or a conftest above it, is among `files`."""
    path = test.split("::", 1)[0]
    folders = path.split("/")[:-1]
    conftests = ("/".join([*folders[:depth], "conftest.py"]) for depth in range(len(folders) + 1))
    return path in files or any(conftest in files for conftest in conftests)


def _speed_class(duration_s: float | None) -> int:
    """Durations within a factor of four count as alike; a test without one comes last."""
    return 1000 if duration_s is None else round(math.log(max(duration_s, 0.001), 4))


def select_tests(
    base: Baseline, reached: Collection[str], *, budget_s: float, seed: int, full: bool = False
) -> Selected:
    """What to run of a suite: all of it if asked and within the budget, else the impacted tests.

    Where even these, or a full run, take longer than `budget_s` seconds, a seeded sample fills the budget: first of
    the impacted tests in their order (half of the budget goes to the quickest), then of the others.
    """
    known = base.known - set(base.flaky) - set(base.failing)
    wanted = [test for test in reached if test in known]
    if full and base.seconds <= budget_s and not base.not_run and not base.uncollected:
        return Selected(ids=None, scope="full", impacted=len(wanted))
    left_s = budget_s
    if not full and _total(base, wanted) <= left_s:
        return Selected(ids=tuple(wanted), scope="impacted", impacted=len(wanted))
    rng = random.Random(seed)
    chosen, left_s = _fill(base, wanted, left_s, quick_share=0.5, rng=rng)
    if full:
        others = sorted(known - set(wanted))
        more, _ = _fill(base, others, left_s, quick_share=0.0, rng=rng)
        chosen += more
    return Selected(ids=tuple(chosen), scope="sample", impacted=len(wanted))


def _total(base: Baseline, tests: Iterable[str]) -> float:
    return sum(base.durations_s.get(test, 0.0) for test in tests)


def _fill(
    base: Baseline, tests: list[str], budget_s: float, *, quick_share: float, rng: random.Random
) -> tuple[list[str], float]:
    """As many tests as fit: in their order for a share of the budget, then by chance; and the seconds left over."""
    first: list[str] = []
    left_s, quick_s = budget_s, budget_s * quick_share
    for test in tests:
        cost_s = base.durations_s.get(test, 0.0)
        if cost_s > quick_s:
            break
        first.append(test)
        quick_s -= cost_s
        left_s -= cost_s
    rest = tests[len(first) :]
    rng.shuffle(rest)
    for test in rest:
        cost_s = base.durations_s.get(test, 0.0)
        if cost_s <= left_s:
            first.append(test)
            left_s -= cost_s
    return first, left_s
