"""Profiles of C and C++ as it stands at a desk, in words: what the command that is to be faster executes."""

from dataclasses import dataclass

from agent.desk import Desk
from agent.profile_words import functions_in_words, lines_in_words
from agent.shown import Shown
from agent.tryout import function_of, place_at, sources_of
from tools.errors import ToolError
from tools.git.side import lay_out_side
from tools.profile.lines import LineCost, LineProfile, Place
from tools.profile.look import Level
from tools.profile.native import NativeProfile, profile_native
from tools.workload.workload import WorkloadKind


@dataclass(frozen=True, kw_only=True)
class _Counted:
    """A profile, and the code it is of."""

    patch: str
    profile: NativeProfile


def native_in_words(desk: Desk, level: Level, function: str | None) -> Shown:
    """Functions, or the lines of one, by what is executed; raises ToolError where nothing can be counted."""
    if level == "memory":
        raise ToolError("Memory by line is known of Python code only. Take level `line`, or run a tool with `shell`.")
    found = _counted(desk)
    if not found.counted:
        raise ToolError(f"Nothing could be counted: {found.problem}. Run the command with `shell`, or use `measure`.")
    under = f"the command ({found.counted})"
    if level == "function":
        return Shown(what=f"Where {under} goes", body=functions_in_words(found.profile))
    side = desk.side()
    place = place_at(desk, side, function_of(desk, side, function))
    lines = _lines(place, found)
    what = f"Lines of {place.function.qualname} ({place.function.path}) under {under}"
    share = f"; it takes {lines.share:.0%} of it" if lines.share else ""
    return Shown(what=what + share, body=lines_in_words(lines, sources_of(desk, side).text(place.function.path)))


def _counted(desk: Desk) -> NativeProfile:
    """Of the code as it stands; what was counted of the unchanged code is not counted again."""
    baseline, recipe = desk.baseline, desk.baseline.recipe
    if not desk.patch and baseline.native is not None:
        return baseline.native
    command = next((one.command for one in baseline.named if one.kind is WorkloadKind.COMMAND), None)
    if recipe.build is None or command is None:
        raise ToolError("The project names no `build` and `bench` command, so compiled code cannot be profiled.")
    known = desk.notes.get("native profile")
    if isinstance(known, _Counted) and known.patch == desk.patch:
        return known.profile
    side = desk.side()
    tree = lay_out_side(baseline.snapshot, desk.patch, None, desk.kit.home)
    run = command.replace("{seed}", "1")
    with desk.kit.cores.take():
        found = profile_native(side.sandbox, side.environment, tree, recipe.build, run, sources_of(desk, side))
    desk.notes["native profile"] = _Counted(patch=desk.patch, profile=found)
    return found


def _lines(place: Place, found: NativeProfile) -> LineProfile:
    spent = found.spent.get(place.function.path, {})
    inside = {line: share for line, share in spent.items() if place.first <= line <= place.last}
    whole = sum(inside.values())
    costs = tuple(
        LineCost(line=line, hits=0, share=share / whole, own_share=share / whole)
        for line, share in sorted(inside.items())
    )
    return LineProfile(place=place, lines=costs, share=whole, calls=0, cut=False)
