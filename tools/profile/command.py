"""The profile of a command: every Python that it starts samples itself."""

from collections.abc import Mapping
from pathlib import Path

from tools.errors import UserError
from tools.profile.profile import MalformedStacksError, Profile, read_profile
from tools.profile.source import SourceIndex
from tools.recipe.environment import Environment
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Ended, Finished, Limits, Process, Sandbox
from tools.sandbox.frames import FrameLine, LineBroken

START_S = 30.0
EXIT_S = 5.0
MOST_PROCESSES = 1000


class NothingInPython(UserError):
    """The command runs, but spends no measurable time in Python code of the project."""


def profile_command(
    sandbox: Sandbox,
    environment: Environment,
    tree: Path,
    recipe: Recipe,
    command: str,
    *,
    hash_seed: int,
    limits: Limits,
) -> Profile:
    """Where the project's time goes while `/bin/sh` runs `command` once in the project's folder.

    Raises:
        UserError: the command fails, does not end within its limits, or runs no code of the project in Python.
    """
    sources = SourceIndex(tree, recipe.sources, environment.subdirectory)
    answers = watch_command(sandbox, environment, tree, {"command": command}, hash_seed=hash_seed, limits=limits)
    try:
        profile = read_profile(answers, sources)
    except MalformedStacksError as error:
        raise UserError(f"the command `{command}` disturbed its own profile ({error})", status=422) from error
    if not profile.functions:
        raise NothingInPython(
            f"the command `{command}` spent no measurable time in the project's Python code; "
            "give one that runs it for a second or more",
            status=422,
        )
    return profile


def watch_command(
    sandbox: Sandbox,
    environment: Environment,
    tree: Path,
    asked: Mapping[str, object],
    *,
    hash_seed: int,
    limits: Limits,
) -> list[dict[str, object]]:
    """What each Python that a command starts has to say: `asked` is {command, level, place} (tools/driver/sampled.py).

    Raises UserError where the command fails or does not end within its limits.
    """
    command = str(asked["command"])
    prepared = environment.driver_command("sampled", (), tree, hash_seed=hash_seed, writable=True, limits=limits)
    answers: list[dict[str, object]] = []
    with sandbox.spawn(prepared) as process:
        end = _run(process, asked, limits, answers)
        finished = process.wait(timeout_s=EXIT_S) if end else process.stop()
    if end is None:
        raise UserError(
            f"the command `{command}` did not come to its end: {_why(finished, limits)}; choose a shorter one",
            status=422,
            detail=finished.tail(),
        )
    if end.get("exit") != 0:
        raise UserError(
            f"the command `{command}` failed with exit code {end.get('exit')}; it must succeed on the unchanged code",
            status=422,
            detail=str(end.get("tail", ""))[-4000:],
        )
    return answers


def _run(
    process: Process, asked: Mapping[str, object], limits: Limits, answers: list[dict[str, object]]
) -> dict[str, object] | None:
    """The frame that ends the run; None where it broke off."""
    line = FrameLine(process)
    try:
        line.send(asked, timeout_s=START_S)
        while len(answers) < MOST_PROCESSES:
            frame = line.receive(timeout_s=limits.wall_s + START_S)
            if frame.get("kind") == "end":
                return frame
            answers.append(frame)
    except (LineBroken, TimeoutError):
        pass
    return None


def _why(finished: Finished, limits: Limits) -> str:
    return {
        Ended.TIMEOUT: f"it was stopped at its limit of {limits.wall_s:.0f} s",
        Ended.MEMORY: f"it went over its limit of {limits.memory_bytes // (1 << 20)} MiB of memory",
        Ended.SIGNALLED: f"signal {finished.signal} ended it",
    }.get(finished.ended, "it broke off")
