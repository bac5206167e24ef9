"""A suite goes on without the tests that hang or end its process, and stops between two tests when its time is up."""

from dataclasses import replace

from tools.testreport import baseline, compare
from tools.testsuite import SuiteOrder
from tools.wholesuite import run_through

HOSTILE = """
import os, time
def test_first(): pass
def test_hangs(): time.sleep(600)
def test_between(): pass
def test_exits(): os._exit(0)
def test_last(): pass
"""


def through(run, tree, **order):
    def once(asked):
        more = {name: getattr(asked, name) for name in ("ids", "left_out", "mode", "patience_s", "most_s")}
        return run(tree, **more)

    return run_through(once, SuiteOrder(hash_seed=1, limits=None, **order))


def test_what_no_run_gets_past_is_set_aside_by_name(project, run):
    tree = project(
        {"test_a.py": HOSTILE, "test_b.py": "import time\ntime.sleep(600)", "test_c.py": "def test_c(): pass"}
    )
    found = through(run, tree, mode="touch", patience_s=3.0)
    base = baseline([found.report])
    assert {one.id: one.why.split(" (")[0] for one in base.stoppers} == {
        "test_b.py": "hangs",
        "test_a.py::test_hangs": "hangs",
        "test_a.py::test_exits": "ends the run",
    }
    good = {"test_a.py::test_first", "test_a.py::test_between", "test_a.py::test_last", "test_c.py::test_c"}
    assert set(base.stable) == set(found.touched.by_test) == good
    assert base.not_run == ()
    again = run(tree, left_out=base.left_out).report
    assert compare(base, again) == ()


def test_a_test_that_hangs_afterwards_is_named(project, run):
    base = baseline([run(project({"test_a.py": "def test_a(): pass\ndef test_b(): pass"})).report])
    tree = project({"test_a.py": "def test_a(): pass\ndef test_b():\n    while True: pass"})
    report = run(tree, patience_s=2.0).report
    assert compare(base, report) == ("test_a.py::test_b hangs (it had not ended after 2 s).",)


def test_a_run_whose_time_is_up_ends_between_two_tests(project, run):
    text = "import time, pytest\n@pytest.mark.parametrize('n', range(40))\ndef test_n(n): time.sleep(0.1)"
    report = run(project({"test_n.py": text}), most_s=0.5, mode="sample").report
    assert report.cut
    assert report.problem == ""
    assert 5 <= len(report.cases) < 40
    base = baseline([report])
    assert (len(base.stable), len(base.not_run)) == (len(report.cases), 40 - len(report.cases))
    whole = replace(report, cut=False, collected=tuple(case.id for case in report.cases))
    assert baseline([whole]).not_run == ()


def test_test_files_that_there_is_no_time_to_import_are_named_and_the_rest_serves(project, run):
    slow = "import time\ntime.sleep(1.5)\ndef test_it(): pass"
    tree = project({f"test_{name}.py": slow for name in "abc"} | {"sub/test_d.py": slow})
    report = run(tree, most_s=30.0, collect_s=1.0, mode="touch").report
    assert report.cut
    assert report.problem == ""
    assert [case.outcome for case in report.cases] == ["passed"] * len(report.cases)
    left = {"test_a.py", "test_b.py", "test_c.py", "sub/test_d.py"} - {case.id.split("::")[0] for case in report.cases}
    assert left == set(report.uncollected)
    assert {"test_c.py"} <= left < {"test_a.py", "test_b.py", "test_c.py", "sub/test_d.py"}
    assert set(baseline([report]).uncollected) == left


def test_whoever_watches_is_told_what_runs(project, run):
    moments = []
    text = "import time\ndef test_a(): pass\ndef test_slow(): time.sleep(2.5)"
    run(project({"test_n.py": text}), watch=moments.append)
    assert any((at.done, at.of, at.running) == (1, 2, "test_n.py::test_slow") for at in moments)
