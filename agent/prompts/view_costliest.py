"""The view `costliest test`: of the tests that reach the change, the one that took longest.

What PerfCodeGen shows a model that is to refine what is correct already (Peng et al., arXiv 2412.03578).
"""

from agent.desk import Desk
from agent.prompts.fence import fenced, quoted
from agent.prompts.measured import measured
from agent.testing import order_of, run_on, select
from agent.tryout import target_of, tests_for
from tools.errors import ToolError
from tools.profile.source import function_spans
from tools.testreport import GOOD

HASH_SEED = 1
MOST_SOURCE_LINES = 60


def costliest_test(desk: Desk) -> str:
    """The test that took longest on the code that the session begins with, and its source."""
    return measured(desk, "costliest test", lambda: _costliest(desk))


def _costliest(desk: Desk) -> str:
    bench = desk.bench()
    target = target_of(desk)
    start = desk.directive.start or desk.directive.parent
    ids = select(bench).ids if start.patch != desk.directive.parent.patch else tests_for(desk, target)
    if ids == ():
        raise ToolError(f"no test runs {target.qualname}")
    report = run_on(bench, desk.side(), order_of(bench, ids, hash_seed=HASH_SEED)).report
    passed = sorted((case for case in report.cases if case.outcome in GOOD), key=lambda one: (-one.duration_s, one.id))
    if not passed:
        raise ToolError("no test that reaches the change passes")
    slowest = passed[0]
    head = (
        f"# The costliest test\n\nOf the {len(passed)} tests that reach what changes and pass, `{quoted(slowest.id)}` "
        f"took longest: {1e3 * slowest.duration_s:.3g} ms. Make what it runs faster."
    )
    source = _source(desk, slowest.id)
    return f"{head}\n\n{fenced(source, 'python')}" if source else head


def _source(desk: Desk, test: str) -> str:
    """A test function's source; empty where it is not found under its own name."""
    path, *names = test.partition("[")[0].split("::")
    try:
        text = desk.read("/".join(part for part in (desk.baseline.snapshot.subdirectory, path) if part))
    except ToolError:
        return ""
    span = next((one for one in function_spans(text) if one.qualname == ".".join(names)), None)
    if span is None:
        return ""
    lines = text.splitlines()[span.first_line - 1 : span.last_line]
    cut = [f"    # {len(lines) - MOST_SOURCE_LINES} more lines"] if len(lines) > MOST_SOURCE_LINES else []
    return "\n".join(lines[:MOST_SOURCE_LINES] + cut)
