"""Where the time of a command goes in C and C++: the instructions of its lines, else how often they run."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.compiler.build import Built, Compile, build
from tools.profile.profile import FunctionTime, Profile
from tools.profile.source import MODULE_LEVEL, Function, SourceIndex
from tools.recipe.environment import Environment
from tools.sandbox.contract import Sandbox

BY_INSTRUCTIONS = "instructions, counted by callgrind"
BY_LINES = "lines run, for callgrind is not installed or would take too long"


@dataclass(frozen=True, kw_only=True)
class NativeProfile:
    """What a build of the unchanged tree and one run of the command showed."""

    profile: Profile
    """Without functions where nothing could be counted."""
    spent: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    """Each line's share of all that was counted, by path from the repository's root."""
    compiles: tuple[Compile, ...] = ()
    """How the build calls compilers."""
    counted: str = ""
    """What shares are of, in words; empty where nothing could be counted."""
    problem: str = ""
    """Why nothing could be counted, or not the better way."""


def profile_native(
    sandbox: Sandbox, environment: Environment, tree: Path, command: str, workload: str, sources: SourceIndex
) -> NativeProfile:
    """Build `tree`, which no build has touched, with `command`, and run `workload` on it; a failure is told in it."""
    counted = build(sandbox, environment, tree, command, "instructions", [workload])
    if counted.own:
        return _profiled(counted, counted.own, counted.calls, BY_INSTRUCTIONS, sources)
    ran = build(sandbox, environment, tree, command, "lines", [workload])
    if any(count for counts in ran.lines.values() for count in counts.values()):
        return _profiled(ran, ran.lines, (), BY_LINES, sources)
    problem = (
        ran.problem or "the compiler's counters told nothing: the build calls no gcc or clang that it finds by name"
    )
    return NativeProfile(
        profile=Profile(functions=(), folded="", samples=0, cpu_s=ran.cpu_s, project_cpu_s=0.0),
        compiles=counted.compiles or ran.compiles,
        problem=problem,
    )


def _profiled(
    built: Built,
    own: Mapping[str, Mapping[int, int]],
    calls: tuple[tuple[str, int, str, int, int], ...],
    counted: str,
    sources: SourceIndex,
) -> NativeProfile:
    total = sum(sum(counts.values()) for counts in own.values())
    selves: defaultdict[Function, int] = defaultdict(int)
    for path, counts in own.items():
        for line, count in counts.items():
            selves[sources.function_at(path, line)] += count
    below: defaultdict[Function, int] = defaultdict(int)
    for path, line, callee_path, callee_line, count in calls:
        caller, callee = sources.function_at(path, line), sources.function_at(callee_path, callee_line)
        below[caller] += count if caller != callee else 0
    functions = [
        FunctionTime(
            path=function.path,
            module=sources.module(function.path),
            qualname=function.qualname,
            line=sources.first_line(function),
            own_share=count / total,
            # What calls itself through others is counted more than once below itself.
            cumulative_share=min(1.0, (count + below[function]) / total),
        )
        for function, count in selves.items()
        if function.qualname != MODULE_LEVEL and count
    ]
    functions.sort(key=lambda one: (-one.own_share, -one.cumulative_share, one.path, one.line))
    folded = "".join(f"{one.path}:{one.qualname} {round(one.own_share * 1e6)}\n" for one in functions)
    profile = Profile(
        functions=tuple(functions), folded=folded, samples=0, cpu_s=built.cpu_s, project_cpu_s=built.cpu_s
    )
    spent = {path: {line: count / total for line, count in counts.items()} for path, counts in own.items()}
    return NativeProfile(profile=profile, spent=spent, compiles=built.compiles, counted=counted, problem=built.problem)
