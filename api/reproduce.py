"""The shell command that judges a diff again."""

import shlex

from agent.domain import Job


def judge_command(job: Job, commit: str, patch: str) -> str:
    """`hasten judge` on the same commit with the diff in a here-document: it needs no file beside it.

    A folder without git has no commit to ask for; it is judged as it stands then.
    """
    words = ["hasten", "judge", job.source]
    if not commit.startswith("tree:"):
        words += ["--ref", commit]
    if job.subdirectory:
        words += ["--subdirectory", job.subdirectory]
    if job.goal:
        words += ["--min-gain", f"{job.goal.min_gain:g}"]
    asked = (("--workload", job.workload_file), ("--bench", job.bench), ("--target", job.target))
    if named := next(((option, value) for option, value in asked if value), None):
        words += named  # a target beside a workload says what to change, which the patch says already
    if job.sandbox != "bubblewrap":
        words += ["--sandbox", job.sandbox]
    end = _unused_line(patch)
    body = patch if patch.endswith("\n") else patch + "\n"
    return f"{shlex.join([*words, '--patch', '-'])} <<'{end}'\n{body}{end}"


def _unused_line(patch: str) -> str:
    lines = set(patch.splitlines())
    end = "PATCH"
    while end in lines:
        end += "_"
    return end
