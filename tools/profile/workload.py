"""The profile of a workload on one side: its calls again and again for a moment, or its command once."""

from tools.errors import UserError
from tools.profile.command import profile_command
from tools.profile.profile import MalformedStacksError, Profile, read_profile
from tools.profile.source import SourceIndex
from tools.recipe.recipe import Recipe
from tools.workload.session import Side, TargetFailed
from tools.workload.workload import Workload, WorkloadKind

SECONDS = 2.0
SEEDS = 3
"""Inputs of each size that the samples are spread over."""


def profile_workload(side: Side, workload: Workload, recipe: Recipe, sources: SourceIndex) -> Profile:
    """Where the project's time goes under a workload file or a command.

    Raises UserError where it fails on the unchanged code, or spends no time in the project's own code.
    """
    if workload.kind is WorkloadKind.COMMAND:
        command = (workload.command or "").replace("{seed}", "1")
        return profile_command(
            side.sandbox, side.environment, side.tree, recipe, command, hash_seed=1, limits=side.limits
        )
    try:
        with side.session(workload, hash_seed=1) as session:
            items = [[size, seed, None] for size in session.opened.sizes for seed in range(SEEDS)]
            session.ask("prepare", group="profile", items=items)
            answer = session.ask("profile", group="profile", seconds=SECONDS)
        profile = read_profile([answer], sources)
    except TargetFailed as error:
        sentence, _, detail = str(error).partition("\n")
        message = f"the workload {workload.name} fails on the unchanged code: {sentence}"
        raise UserError(message, status=422, detail=detail) from error
    except MalformedStacksError as error:
        raise UserError(f"the workload {workload.name} disturbed its own profile ({error})", status=422) from error
    if not profile.functions:
        message = f"the workload {workload.name} spends no measurable time in the project's Python code"
        raise UserError(f"{message}; let `run` do more of it", status=422)
    return profile
