"""Which tests play no part in a job, and why: the ones that fail, change their outcome, hang, or had no time."""

from agent.result import NOT_COLLECTED, NOT_RUN, AbsentTests
from tools.failurecause import lacking
from tools.testreport import Baseline


def absent_tests(suite: Baseline) -> tuple[AbsentTests, ...]:
    """Every test that does not count, by reason; the reasons in the order a person would ask about them."""
    causes = {test: lacking(suite.messages.get(test, "")) for test in suite.failing}
    groups = {
        f"failing for want of {cause}": [test for test, found in causes.items() if found == cause]
        for cause in dict.fromkeys(filter(None, causes.values()))
    }
    groups["failing"] = [test for test, found in causes.items() if found is None]
    groups["flaky"] = list(suite.flaky)
    groups["cannot be imported"] = [failure.id or "the project folder" for failure in suite.unimportable]
    for stopper in suite.stoppers:
        groups.setdefault(stopper.why, []).append(stopper.id)
    groups[NOT_RUN] = list(suite.not_run)
    groups[NOT_COLLECTED] = list(suite.uncollected)
    return tuple(AbsentTests(why=why, tests=tuple(tests)) for why, tests in groups.items() if tests)
