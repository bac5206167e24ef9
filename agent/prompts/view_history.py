"""The view `history`: the repository's own commits about speed, as examples of how it is done here.

ECCO (Waghjale et al., arXiv 2407.14044) shows a model edits with their history; these are the project's own, and older.
"""

from agent.desk import Desk
from agent.prompts.fence import fenced, quoted
from agent.prompts.measured import measured
from tools.git.performance import PerformanceCommit, open_history, performance_commits

MOST = 2
MOST_DIFF_CHARACTERS = 3_000


def history(desk: Desk) -> str:
    """The newest commits about speed in the target's file, else in the whole repository."""
    return measured(desk, "history", lambda: _history(desk))


def _history(desk: Desk) -> str:
    snapshot, kit = desk.baseline.snapshot, desk.kit
    path, _ = desk.locate(desk.target)
    with open_history(snapshot, home=kit.home, extra_env=kit.git_env, admission=kit.admission) as repository:
        found = performance_commits(repository, snapshot.commit, [path], MOST)
        found = found or performance_commits(repository, snapshot.commit, [], MOST)
    if not found:
        return ""
    return "\n\n".join(["# How this repository was made faster before", *(_told(one) for one in found)])


def _told(one: PerformanceCommit) -> str:
    diff = one.diff
    if len(diff) > MOST_DIFF_CHARACTERS:
        cut = diff.rfind("\n", 0, MOST_DIFF_CHARACTERS)
        diff = f"{diff[:cut]}\n[{len(diff) - cut:,} more characters: history shows them]"
    return f"`{one.commit[:12]}` of {one.date}, `{quoted(one.subject)}`:\n\n{fenced(diff, 'diff')}"
