"""Whose word counts about what is worth having."""

from datetime import UTC, datetime

import pytest

from agent.baseline import goal_of
from agent.domain import Goal, Job
from tools.recipe.recipe import Recipe
from tools.recipe.tables import GoalTable

OURS, THEIRS = Goal(min_gain=0.1, hoped_gain=0.2), Goal(min_gain=0.05)


@pytest.mark.parametrize(
    ("job", "project", "counts"),
    [
        (OURS, THEIRS, OURS),
        (Goal(), THEIRS, Goal()),  # the usual, asked for
        (None, THEIRS, THEIRS),
        (None, OURS, OURS),
        (OURS, None, OURS),
        (None, None, Goal()),
    ],
)
def test_the_job_goes_before_the_project(job: Goal | None, project: Goal | None, counts: Goal) -> None:
    table = project and GoalTable(min_gain=project.min_gain, hoped_gain=project.hoped_gain)
    asked = Job(id="a", source="/a", created=datetime.now(UTC), goal=job)
    assert goal_of(asked, Recipe(goal=table)) == counts
