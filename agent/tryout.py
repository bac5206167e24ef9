"""What the code at a desk is tried on: the workload that its target is measured on, else the tests that run it."""

import ast
import sys
from dataclasses import replace
from pathlib import PurePosixPath

from agent.choice import Choice, Planning, edit_of, without_tests
from agent.desk import Desk
from agent.written import written_in
from tools.errors import ToolError
from tools.profile.lines import Place, place_of
from tools.profile.source import Function, SourceIndex
from tools.workload.session import Side

TESTS_S = 10.0
"""Tests that stand for a workload take so long together at most."""


def choice_for(desk: Desk, function: Function) -> Choice:
    """The workloads that a function is measured on, whatever has been edited; none where only tests run it."""
    name = f"{sources_of(desk, desk.baseline.side).module(function.path)}:{function.qualname}"
    written = [one for target, one in written_in(desk.kit).items() if target == name]
    planning = Planning(plan=desk.bench().usable, home=desk.kit.home)
    found = without_tests(desk.baseline, (edit_of(function),), name, planning, written)
    return found or Choice(plans=(), why="")


def tests_for(desk: Desk, function: Function) -> tuple[str, ...]:
    """The tests that run a function, the quickest first, as many as there is time for."""
    suite, touched = desk.baseline.suite, desk.baseline.touched
    reached = [test for test, ran in touched.by_test.items() if function in ran and test in suite.stable]
    chosen: list[str] = []
    left_s = TESTS_S
    for test in sorted(reached, key=lambda one: (suite.durations_s.get(one, 0.0), one)):
        left_s -= suite.durations_s.get(test, 0.0)
        if chosen and left_s < 0:
            break
        chosen.append(test)
    return tuple(chosen)


def target_of(desk: Desk) -> Function:
    """The desk's target by its path; raises ToolError where it is gone."""
    path, qualname = desk.locate(desk.target)
    return Function(path=path, qualname=qualname)


def function_of(desk: Desk, side: Side, name: str | None) -> Function:
    """`module:function`, or one of the target's module by its name alone; None is the target. Raises ToolError."""
    if not name:
        return target_of(desk)
    module, _, qualname = name.rpartition(":")
    sources = sources_of(desk, side)
    wanted = module or desk.target.partition(":")[0]
    for path in desk.files():  # also what was added at the desk
        if sources.module(path) == wanted and any(span.qualname == qualname for span in sources.spans(path)):
            return Function(path=path, qualname=qualname)
    path, qualname = desk.locate(f"{wanted}:{qualname}")
    return Function(path=path, qualname=qualname)


def sources_of(desk: Desk, side: Side) -> SourceIndex:
    """The names in the code as it stands."""
    return SourceIndex(side.tree, desk.baseline.recipe.sources, side.environment.subdirectory)


def place_at(desk: Desk, side: Side, function: Function) -> Place:
    """Where a function stands in the code as it stands; of a nested one, the function around it. Raises ToolError."""
    sources = sources_of(desk, side)
    name = function.qualname
    while name:
        if found := place_of(replace(function, qualname=name), sources):
            return found
        name = name.rpartition(".")[0]
    raise ToolError(f"{function.path} has no function {function.qualname} as it stands; name another with `function`.")


def syntax_problem(desk: Desk) -> str | None:
    """The first edited file that cannot be parsed, in one sentence."""
    for path, text in sorted(desk.edits.items()):
        if text is None or PurePosixPath(path).suffix != ".py":
            continue
        try:
            ast.parse(text)
        except SyntaxError as error:
            if _is_newer(desk.baseline.environment.python_version):
                return None  # syntax that we do not know may be right there
            line = (error.text or "").strip()
            return f"{path} has a syntax error in line {error.lineno}: {error.msg} (`{line[:120]}`). Mend it first."
        except ValueError as error:
            return f"{path} cannot be compiled: {error}. Mend it first."
    return None


def _is_newer(version: str) -> bool:
    return tuple(int(part) for part in version.split(".")[:2]) > sys.version_info[:2]
