"""The view `lessons`: what earlier attempts on a target came to, a line each, without their code.

The global insights that branches of a search share in Scattered Forest Search (Light et al., 2024), as text alone; and
what earlier jobs kept on the same function.
"""

from agent.desk import Desk
from agent.playbook.looking import query_of
from agent.playbook.play import same_repository
from agent.prompts.feedback import lesson
from agent.prompts.fence import quoted

MOST = 12
MOST_OF_EARLIER_JOBS = 6


def lessons(desk: Desk) -> str:
    """What earlier jobs kept, then the newest attempts of earlier rounds that the directive does not show, in order."""
    directive = desk.directive
    told = [
        entry
        for entry in desk.kit.archive.entries()
        if 0 < entry.candidate.round < directive.round
        and entry.candidate.target == directive.target
        and entry.candidate.number not in directive.show
    ]
    lines = [*_of_earlier_jobs(desk), *(f"- {lesson(entry)}" for entry in told[-MOST:])]
    return "# What was tried on this function before\n\n" + "\n".join(lines) if lines else ""


def _of_earlier_jobs(desk: Desk) -> list[str]:
    if desk.kit.playbook is None:
        return []
    found = desk.kit.playbook.search(query_of(desk), MOST_OF_EARLIER_JOBS)
    mine = [
        one.play
        for one in found
        if one.play.target == desk.target and same_repository(one.play, desk.baseline.snapshot.source)
    ]
    return [f"- {quoted(play.summary, 160)} — kept by an earlier job, {play.speedup} then" for play in mine]
