"""Profiles of the code at a desk, in words: of its functions, of the lines of one, of what these allocate."""

from agent.desk import Desk
from agent.profile_words import functions_in_words, lines_in_words
from agent.profiling_native import native_in_words
from agent.shown import Shown
from agent.testing import order_of
from agent.tryout import choice_for, function_of, place_at, sources_of, target_of, tests_for
from tools.compiler.functions import is_native
from tools.errors import ToolError, UserError
from tools.profile.lines import LineProfile, Place, memory_of_lines, time_of_lines
from tools.profile.look import Level, Looked, look_at_tests, look_at_workloads
from tools.profile.source import Function
from tools.workload.session import Side

HASH_SEED = 1


def profile_in_words(desk: Desk, level: Level, function: str | None = None) -> Shown:
    """Where time or memory goes under the target's workload, or under the tests that run it; nothing runs beside it.

    Raises ToolError where there is nothing to run, or where the code as it stands fails.
    """
    target = target_of(desk)
    if is_native(target.path):
        return native_in_words(desk, level, function)
    side = desk.side()
    if level == "function":
        under, looked = _look(desk, side, target, level, None)
        return Shown(what=f"Where the time goes under {under}", body=functions_in_words(looked.profile))
    subject = function_of(desk, side, function)
    place = place_at(desk, side, subject)
    under, looked = _look(desk, side, target, level, place)
    if subject != target and not _ran(looked):  # it is no part of what the target is measured on
        under, looked = _look(desk, side, subject, level, place)
    if level == "memory":
        return _memory(desk, side, under, memory_of_lines(place, looked.metered))
    return _time(desk, side, under, time_of_lines(place, looked.profile, looked.sampled, looked.metered))


def _look(desk: Desk, side: Side, measured: Function, level: Level, place: Place | None) -> tuple[str, Looked]:
    """(what was run, what was seen) under the workload of the function that is `measured`, else under its tests."""
    choice = choice_for(desk, measured)
    sources = sources_of(desk, side)
    try:
        with desk.kit.cores.take() as core:
            if choice.plans:
                under = f"{', '.join(plan.workload.name for plan in choice.plans)} ({choice.why})"
                seed = desk.bench().seed
                return under, look_at_workloads(side, choice.plans, sources, level, place, seed=seed, core=core)
            tests = tests_for(desk, measured)
            if not tests:
                raise ToolError(NOTHING_RUNS.format(name=measured.qualname))
            under = f"{len(tests)} of the tests that run {measured.qualname}"
            order = order_of(desk.bench(), tests, hash_seed=HASH_SEED)
            return under, look_at_tests(side, order, desk.baseline.recipe, level, place)
    except UserError as error:
        detail = f"\n{error.detail}" if error.detail else ""
        raise ToolError(f"The code as it stands cannot be profiled: {error}{detail}") from error


def _ran(looked: Looked) -> bool:
    return any(one.lines for one in looked.metered)


def _time(desk: Desk, side: Side, under: str, found: LineProfile) -> Shown:
    function = found.place.function
    share = f"; it takes {found.share:.0%} of the project's time there" if found.share else ""
    return Shown(
        what=f"Time by line of {function.qualname} ({function.path}) under {under}{share}",
        body=lines_in_words(found, sources_of(desk, side).text(function.path)),
    )


def _memory(desk: Desk, side: Side, under: str, found: LineProfile) -> Shown:
    function = found.place.function
    return Shown(
        what=f"What the lines of {function.qualname} ({function.path}) allocate under {under}",
        body=lines_in_words(found, sources_of(desk, side).text(function.path), memory=True),
    )


NOTHING_RUNS = (
    "No workload and no test at hand runs {name}, so there is nothing to profile. Name another function, or run "
    "what you want to know with `shell`."
)
