"""The views `profile`, `lines` and `memory`: where time and memory go under the target's workload.

Lines are what EffiLearner shows (Huang et al., NeurIPS 2024): time and memory by line, from one attempt to the next.
"""

from agent.desk import Desk
from agent.profiling import profile_in_words
from agent.prompts.fence import fenced, quoted
from agent.prompts.measured import measured
from tools.profile.look import Level


def functions(desk: Desk) -> str:
    """Which functions take the time."""
    return measured(desk, "profile", lambda: _section(desk, "# Where the time goes", "function"))


def lines(desk: Desk) -> str:
    """What each line of the target takes."""
    return measured(desk, "lines", lambda: _section(desk, "# The target, line by line", "line"))


def memory(desk: Desk) -> str:
    """What each line of the target allocates."""
    return measured(desk, "memory", lambda: _section(desk, "# What the target allocates", "memory"))


def _section(desk: Desk, heading: str, level: Level) -> str:
    shown = profile_in_words(desk, level)
    return f"{heading}\n\n{quoted(shown.what, 600)}:\n\n{fenced(shown.body)}"
