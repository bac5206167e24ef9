"""How long the suite of an unchanged project may run."""

from dataclasses import replace

import pytest

from agent.baseline import suite_limits
from tools.recipe.recipe import Recipe


@pytest.mark.parametrize(("budget_s", "limit_s"), [(1.0, 60.0), (20.0, 300.0), (120.0, 1800.0), (9000.0, 1800.0)])
def test_a_suite_that_hangs_ends_in_a_time_its_owner_chose(budget_s: float, limit_s: float) -> None:
    assert suite_limits(replace(Recipe(), tests_budget_s=budget_s)).wall_s == limit_s
