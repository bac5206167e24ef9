"""Views of where time and memory go under the target's workload (EffiLearner, arXiv 2405.15189)."""

from agent.desk import Desk
from agent.profiling import profile_in_words
from agent.prompts.measured import measured


def functions(desk: Desk) -> str:
    """Which functions take the time."""
    return measured(desk, "profile", lambda: f"# Where the time goes\n\n{profile_in_words(desk, 'function')}")


def lines(desk: Desk) -> str:
    """What each line of the target takes."""
    return measured(desk, "lines", lambda: f"# The target, line by line\n\n{profile_in_words(desk, 'line')}")


def memory(desk: Desk) -> str:
    """What each line of the target allocates."""
    return measured(desk, "memory", lambda: f"# What the target allocates\n\n{profile_in_words(desk, 'memory')}")
