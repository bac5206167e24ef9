"""One try of a recipe: the environment is built and the tests run once, nothing else."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tools.git.side import lay_out_side
from tools.git.snapshot import Snapshot
from tools.recipe.environment import build_environment
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Limits
from tools.sandbox.select import open_sandbox
from tools.testreport import TestReport
from tools.testsuite import Moment, SuiteOrder, run_suite
from tools.wholesuite import run_through
from workers.settings import Settings

MOST_S = 600.0
"""No test begins later than this: it is a try, not a job."""
START_S = 300.0


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What one try showed."""

    report: TestReport
    python_version: str
    notes: tuple[str, ...]
    """What the build had to decide."""
    built_s: float
    """How long the environment took; next to nothing where it stood already."""


def try_recipe(
    settings: Settings, snapshot: Snapshot, recipe: Recipe, sandbox_name: str, report: Callable[[str], None]
) -> Trial:
    """Build the recipe's environment and run its tests once; `report` is told each step as it starts.

    Raises UserError where the environment cannot be built, with what to write in hasten.toml.
    """
    sandbox = open_sandbox(sandbox_name, docker_socket=settings.docker_socket)
    sandbox.sweep()
    began_s = time.monotonic()
    environment = build_environment(snapshot, recipe, sandbox, settings.home, settings.index_environment(), report)
    built_s = time.monotonic() - began_s
    report("Running the tests once")
    order = SuiteOrder(
        hash_seed=0, limits=Limits(wall_s=MOST_S + START_S), patience_s=recipe.test_limit_s, most_s=MOST_S
    )
    tree = lay_out_side(snapshot, "", environment.generated, settings.home)
    once = partial(run_suite, sandbox, environment, tree, recipe, watch=_slow_tests(report))
    return Trial(
        report=run_through(once, order).report,
        python_version=environment.python_version,
        notes=environment.notes,
        built_s=built_s,
    )


def _slow_tests(report: Callable[[str], None]) -> Callable[[Moment], None]:
    """Names a test once it has run for a while."""
    named: set[str] = set()

    def watch(moment: Moment) -> None:
        if moment.running and moment.running_s > NOTICE_S and moment.running not in named:
            named.add(moment.running)
            report(f"Running {moment.running}, {moment.done} of {moment.of or 'all'} done")

    return watch


NOTICE_S = 15.0
"""After this long a test that runs is named."""
