"""Commands: a gain counts only where the command is seen to run what was changed."""

from dataclasses import replace

import pytest
from parcels import MODULE, Court, open_court, write_project

from agent.bench import Bench
from agent.domain import UNCHANGED, Candidate, Origin, Outcome
from agent.evidence import Compared
from agent.judge import judge
from agent.probes.commands import NOT_RUN, UNSEEN
from agent.probes.equivalence import same_behaviour
from tools.git.patch_maker import make_patch
from tools.workload.workload import command_workload
from workers.settings import read_settings

LOOP = (
    "    found = []\n    for item in left:\n        if item in right:\n            found.append(item)\n    return found"
)
FASTER = "    known = set(right)\n    return [item for item in left if item in known]"
CLI = """import os
import sys

from parcels import common

names = [f"P{number}" for number in range(int(sys.argv[1]) % 50 + 400)]
if "worker" in sys.argv:
    if os.fork() == 0:
        print(len(common(names, names[::2])), flush=True)
        os._exit(0)
    os.wait()
else:
    print(len(common(names, names[::2])))
"""


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> Court:
    folder = tmp_path_factory.mktemp("commanded")
    project = write_project(folder / "project")
    (project / "cli.py").write_text(CLI)
    return open_court(project, folder / "home", dict(read_settings().index_environment()))


def compared(court: Court, command: str, files: dict[str, str]) -> Compared:
    """What the comparison sees of a candidate with these files, measured by a command alone."""
    tree = court.baseline.snapshot.tree
    before = {path: (tree / path).read_bytes() if (tree / path).exists() else None for path in files}
    patch = make_patch(before, {path: text.encode() for path, text in files.items()})
    baseline = replace(court.baseline, named=(command_workload(command, court.kit.home),), recorded={})
    candidate = Candidate(number=9, patch=patch, parents=(0,), origin=Origin.PERSON, summary="a test's patch")
    seen = same_behaviour(Bench(kit=court.kit, job=court.job, baseline=baseline, parent=UNCHANGED, candidate=candidate))
    assert isinstance(seen, Compared)
    return seen


@pytest.mark.parametrize("command", ["python cli.py {seed}", "python cli.py {seed} worker | sort"])
def test_a_command_that_runs_the_change_proves_it(court: Court, command: str) -> None:
    seen = compared(court, command, {"parcels.py": MODULE.replace(LOOP, FASTER)})
    assert seen.unproven is None
    assert judge([seen]) is None


def test_a_change_that_the_command_does_not_run_is_inconclusive(court: Court) -> None:
    seen = compared(
        court, "python cli.py {seed}", {"parcels.py": MODULE.replace("if weight > limit", "if limit < weight")}
    )
    assert seen.unproven == NOT_RUN
    verdict = judge([seen])
    assert verdict is not None
    assert verdict.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize("command", ["echo {seed}", "PYTHONPATH=/tmp python cli.py {seed}"])
def test_a_command_that_cannot_be_watched_proves_nothing(court: Court, command: str) -> None:
    assert compared(court, command, {"parcels.py": MODULE.replace(LOOP, FASTER)}).unproven == UNSEEN


def test_of_compiled_code_nothing_is_proven_and_the_caveat_says_so(court: Court) -> None:
    seen = compared(court, "echo {seed}", {"native.c": "int one(void) { return 1; }\n"})
    assert seen.unproven is None
    assert any("compiled code" in caveat for caveat in seen.caveats)
