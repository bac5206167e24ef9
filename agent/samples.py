"""Enough samples for a profile: a quick suite is over before its functions can be told apart."""

from collections.abc import Callable
from dataclasses import replace

from tools.profile.profile import merged
from tools.testsuite import SuiteRun

ENOUGH = 1000
"""Samples that a profile should have."""
MOST_RUNS = 8
SHARE = 0.05
"""Of the job's time, for all runs after the first."""


def sampled_enough(run: SuiteRun, again: Callable[[], SuiteRun], budget_s: float) -> SuiteRun:
    """The run, with the profile of as many like it as it takes and there is time for."""
    profiles = [] if run.profile is None else [run.profile]
    left_s = SHARE * budget_s
    while profiles and not run.report.cut and sum(one.samples for one in profiles) < ENOUGH:
        left_s -= run.report.seconds
        if left_s < 0 or len(profiles) == MOST_RUNS:
            break
        more = again()
        if more.profile is None or more.report.set_aside:
            break
        profiles.append(more.profile)
    return replace(run, profile=merged(profiles)) if len(profiles) > 1 else run
