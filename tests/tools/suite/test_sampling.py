"""Where the time went while a suite or a command ran."""

import pytest

from tools.errors import UserError
from tools.profile.command import profile_command
from tools.profile.targets import rank_targets
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Limits

TESTS = """
import signal, threading
from shop import prices

def test_takes_the_signal():
    signal.signal(signal.SIGPROF, signal.SIG_IGN)

def test_hot(): prices.hot()

def test_takes_the_timer():
    signal.setitimer(signal.ITIMER_PROF, 0)

def test_thread():
    thread = threading.Thread(target=prices.cold)
    thread.start()
    thread.join()
"""


def shares(profile):
    return {one.qualname: (one.own_share, one.cumulative_share) for one in profile.functions if "prices" in one.path}


def test_shares_of_a_suite_survive_tests_that_take_the_signal_and_threads(project, run):
    profile = run(project({"test_it.py": TESTS}), mode="sample").profile
    found = shares(profile)
    assert found["burn"][0] > 0.6
    assert found["hot"][0] < 0.1
    assert 2.5 < found["hot"][1] / found["cold"][1] < 10
    assert any("prices.py:hot;shop/prices.py:burn" in line for line in profile.folded.splitlines())
    assert profile.cpu_s >= profile.project_cpu_s > 0.2
    targets = rank_targets(profile, None, Recipe()).targets
    assert targets[0].name == "shop.prices:burn"
    assert not [target for target in targets if "test_it" in target.path]


def command_profile(sandbox, environment, tree, command, wall_s=30.0):
    return profile_command(sandbox, environment, tree, Recipe(), command, hash_seed=1, limits=Limits(wall_s=wall_s))


def test_a_command_and_the_pythons_it_starts(project, sandbox, environment):
    tree = project({
        "bench.py": "from shop import prices\nprices.hot()\n",
        "sitecustomize.py": "raise RuntimeError('not on the path when Python starts')",
    })  # fmt: skip
    profile = command_profile(sandbox, environment, tree, "echo begin && python bench.py")
    assert shares(profile)["burn"][0] > 0.7
    assert shares(profile)["hot"][1] > 0.7


def test_a_command_that_execs_is_not_killed_by_the_timer(project, sandbox, environment):
    again = "import os, sys\nfrom shop import prices\nprices.hot()\nos.execv('/bin/sh', ['sh', '-c', 'i=0; {}'])\n"
    loop = "while [ $i -lt 200000 ]; do i=$((i+1)); done"
    profile = command_profile(sandbox, environment, project({"bench.py": again.format(loop)}), "python bench.py")
    assert shares(profile)["burn"][0] > 0.7


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("python -c 'raise SystemExit(3)'", "failed with exit code 3"),
        ("sleep 60", "limit of 2 s"),
        ("true", "no measurable time"),
    ],
)
def test_commands_that_cannot_be_profiled(project, sandbox, environment, command, said):
    with pytest.raises(UserError, match=said):
        command_profile(sandbox, environment, project({}), command, wall_s=2.0)
