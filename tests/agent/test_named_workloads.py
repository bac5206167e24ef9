"""Which workload is measured where a job, the repository, or both name one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.domain import Job
from agent.workloads import named_workloads
from tools.errors import UserError
from tools.git.snapshot import Snapshot
from tools.recipe.recipe import Recipe
from tools.recipe.tables import WorkloadTable
from tools.workload.workload import Workload, text_of


def named(folder: Path, recipe: Recipe, **asked: str) -> tuple[Workload, ...]:
    project = folder / "project"
    project.mkdir(exist_ok=True)
    (project / "load.py").write_text("# the project's\n")
    (folder / "secret.py").write_text("# the host's\n")
    snapshot = Snapshot(source="x", commit="c" * 40, tree=project)
    job = Job(id="a1", source="x", created=datetime.now(UTC), **asked)
    return named_workloads(job, snapshot, recipe, folder / "home")


def test_a_text_that_came_with_the_job_is_its_workload(tmp_path: Path) -> None:
    (found,) = named(tmp_path, Recipe(bench="python bench.py"), workload_text="# sent\n")
    assert (found.name, text_of(found)) == ("workload.py", "# sent\n")


def test_a_path_of_the_job_is_one_of_the_project(tmp_path: Path) -> None:
    (found,) = named(tmp_path, Recipe(workload=WorkloadTable(path="other.py")), workload_path="load.py")
    assert text_of(found) == "# the project's\n"
    for outside in ("../secret.py", str(tmp_path / "secret.py"), "missing.py"):
        with pytest.raises(UserError, match="the job names the workload file"):
            named(tmp_path, Recipe(), workload_path=outside)


def test_a_job_that_names_none_takes_what_the_project_names(tmp_path: Path) -> None:
    found = named(tmp_path, Recipe(workload=WorkloadTable(path="load.py"), bench="python bench.py"))
    assert [one.name for one in found] == ["load.py", "python bench.py"]
    (text,) = named(tmp_path, Recipe(workload=WorkloadTable(text="# written there\n")))
    assert (text.name, text_of(text)) == ("workload.py", "# written there\n")
    (command,) = named(tmp_path, Recipe(workload=WorkloadTable(command="make bench")))
    assert command.name == "make bench"
