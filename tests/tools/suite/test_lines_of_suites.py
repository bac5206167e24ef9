"""The lines of one function, and its calls, while a suite or a command runs."""

import pytest

from tools.errors import UserError
from tools.measure.batches import Group, Plan
from tools.profile.lines import Place, memory_of_lines, time_of_lines
from tools.profile.look import look_at_tests, look_at_workloads
from tools.profile.source import Function, SourceIndex
from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Limits
from tools.testsuite import SuiteOrder
from tools.workload.session import Side
from tools.workload.workload import command_workload

WORK = """
def work(count):
    total = 0
    for number in range(count):
        if number in list(range(200)):
            total += 1
    table = [bytes(1000) for _ in range(count)]
    return total + len(table)
"""
TESTS = """
from shop.work import work

def test_one(): assert work(2000) == 2200
def test_other(): assert work(3000) == 3200
"""
PLACE = Place(function=Function(path="shop/work.py", qualname="work"), first=2, last=8)


@pytest.fixture(scope="module")
def tree(projects):
    files = {"shop/work.py": WORK, "test_work.py": TESTS}
    return projects({**files, "bench.py": "from shop.work import work\nwork(4000)\n"})


@pytest.fixture
def side(tree, sandbox, environment):
    return Side(sandbox=sandbox, environment=environment, tree=tree, limits=Limits(wall_s=60.0))


def order(**asked):
    return SuiteOrder(hash_seed=1, limits=Limits(wall_s=60.0), **asked)


def test_lines_of_a_suite_by_time_and_memory(side):
    recipe = Recipe(pytest_args=("-p", "no:cacheprovider"))
    looked = look_at_tests(side, order(), recipe, "line", PLACE)
    found = time_of_lines(PLACE, looked.profile, looked.sampled, looked.metered)
    assert found.hottest[0].line == 5
    assert found.calls == 2
    assert {cost.line: cost.hits for cost in found.lines}[5] == 5000
    assert found.share > 0.6
    looked = look_at_tests(side, order(), recipe, "memory", PLACE)
    assert memory_of_lines(PLACE, looked.metered).hottest[0].line == 7


def test_lines_of_a_command(tmp_path, tree, side):
    workload = command_workload("python bench.py", tmp_path)
    plan = Plan(workload=workload, groups=(Group(name="bench", items=1),), fresh=False)
    sources = SourceIndex(tree)
    looked = look_at_workloads(side, [plan], sources, "line", PLACE, seed=1, core=0)
    assert time_of_lines(PLACE, looked.profile, looked.sampled, looked.metered).hottest[0].line == 5
    looked = look_at_workloads(side, [plan], sources, "memory", PLACE, seed=1, core=0)
    assert memory_of_lines(PLACE, looked.metered).hottest[0].line == 7
    broken = Plan(workload=command_workload("exit 3", tmp_path), groups=plan.groups, fresh=False)
    with pytest.raises(UserError, match="failed with exit code 3"):
        look_at_workloads(side, [broken], sources, "memory", PLACE, seed=1, core=0)


def test_calls_are_followed_in_a_suite(tree, run):
    trace = run(tree, ids=["test_work.py::test_one"], mode="trace", places=(PLACE,)).trace
    assert trace is not None
    (call,) = trace.calls
    assert (call.name, call.arguments, call.value) == ("work", (("count", "2000"),), "2200")
    assert call.count > 10
