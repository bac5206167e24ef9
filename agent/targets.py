"""Which functions a job tries to change, and in which order."""

from collections.abc import Callable, Collection
from dataclasses import replace

from agent.domain import Job
from agent.known import Known
from agent.promise import by_promise, payoffs_of
from tools.errors import UserError
from tools.git.off_limits import off_limits
from tools.impact import Touched
from tools.profile.profile import FunctionTime, Profile
from tools.profile.source import Function, SourceIndex
from tools.profile.targets import Ranking, rank_targets
from tools.recipe.recipe import Recipe

MOST_TARGETS = 80
THIN_PROFILE_S = 0.4
"""Processor time in the project below which a profile says too little to leave functions out."""


def targets_of(
    job: Job,
    profile: Profile,
    touched: Touched,
    recipe: Recipe,
    sources: SourceIndex,
    known: Known,
    *,
    every: bool,
    changed: Collection[Function] | None,
) -> Ranking:
    """What is worth changing, hottest first; `every` leaves nothing out for taking a small share of the time."""
    every = every or profile.project_cpu_s < THIN_PROFILE_S
    ranked = rank_targets(
        _with_unseen(profile, touched, sources) if every else profile,
        touched,
        recipe,
        subdirectory=sources.subdirectory,
        off_limits=_protected(recipe),
        text_of=sources.text,
        changed=changed,
        **({"smallest_share": 0.0} if every else {}),
    )
    if job.target is None:
        payoffs = known.payoffs(
            [target.name for target in ranked.targets], lambda: payoffs_of(ranked.targets, sources.text)
        )
        return replace(ranked, targets=by_promise(ranked.targets, payoffs)[:MOST_TARGETS])
    chosen = tuple(target for target in ranked.targets if target.name == job.target)
    if chosen:
        return replace(ranked, targets=chosen)
    module, _, qualname = job.target.partition(":")
    if not (module and qualname):
        raise UserError(f"--target takes module:function, not {job.target}")
    hot = ", ".join(target.name for target in ranked.targets[:5]) or "none"
    raise UserError(
        f"no function {job.target} takes time under the workload and is covered by tests; those that do: {hot}",
        status=404,
    )


def _with_unseen(profile: Profile, touched: Touched, sources: SourceIndex) -> Profile:
    """A profile with every function that a test ran.

    Of a suite of milliseconds a sampler sees next to nothing, and where each function is measured on calls of its own a
    small share is no reason to leave one out.
    """
    seen = {(time.path, time.qualname) for time in profile.functions}
    ran = {function for functions in touched.by_test.values() for function in functions}
    unseen = [
        FunctionTime(
            path=function.path,
            module=sources.module(function.path),
            qualname=function.qualname,
            line=sources.first_line(function),
            own_share=0.0,
            cumulative_share=0.0,
        )
        for function in sorted(ran, key=lambda one: (-touched.covered_by(one), one))
        if (function.path, function.qualname) not in seen
    ]
    return replace(profile, functions=(*profile.functions, *unseen))


def _protected(recipe: Recipe) -> Callable[[str], bool]:
    return lambda path: bool(off_limits([path], recipe.off_limits))
