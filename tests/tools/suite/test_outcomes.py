"""What a suite's run reports, whatever the tests do to themselves and to the process."""

import pytest

from tools.recipe.recipe import Recipe
from tools.sandbox.contract import Ended

ALL_KINDS = """
import pytest, os

def test_passes(): pass
def test_fails(): assert 1 == 2, "one is not two"
@pytest.mark.skip(reason="not today")
def test_skipped(): pass
@pytest.mark.xfail(reason="known")
def test_known(): assert 0
@pytest.mark.xfail
def test_better(): pass
@pytest.mark.xfail(strict=True)
def test_strict(): pass
@pytest.fixture
def broken(): raise RuntimeError("no set-up")
def test_broken(broken): pass
@pytest.fixture
def messy():
    yield
    raise RuntimeError("no tear-down")
def test_messy(messy): pass
def test_skips_itself(): pytest.skip("half way")
"""


def outcomes(report):
    return {case.id.split("::", 1)[1]: case.outcome for case in report.cases}


def test_every_kind_of_outcome(project, run):
    report = run(project({"tests/test_all.py": ALL_KINDS})).report
    assert outcomes(report) == {
        "test_passes": "passed",
        "test_fails": "failed",
        "test_skipped": "skipped",
        "test_known": "xfailed",
        "test_better": "xpassed",
        "test_strict": "failed",
        "test_broken": "error",
        "test_messy": "error",
        "test_skips_itself": "skipped",
    }
    messages = {case.id.split("::")[1]: case.message for case in report.cases}
    assert "one is not two" in messages["test_fails"]
    assert "no set-up" in messages["test_broken"]
    assert "not today" in messages["test_skipped"]
    assert (report.problem, report.ended, report.scope) == ("", Ended.EXITED, "full")
    assert len(report.collected) == 9


BENCHMARKS = """
import pytest

def pytest_addoption(parser):
    for name in ("disable", "enable", "only"):
        parser.addoption("--benchmark-" + name, action="store_true", default=False)

@pytest.fixture
def rounds(request):
    options = request.config.option
    return 1 if options.benchmark_disable and not options.benchmark_enable else 100000
"""


@pytest.mark.parametrize(("argument", "rounds"), [("-q", 1), ("--benchmark-enable", 1), ("--benchmark-only", 100000)])
def test_benchmarks_of_a_plug_in_run_once_unless_there_is_nothing_else(project, run, argument, rounds):
    test = f"def test_speed(rounds): assert rounds == {rounds}"
    tree = project({"conftest.py": BENCHMARKS, "tests/test_speed.py": test})
    report = run(tree, recipe=Recipe(pytest_args=("-p", "no:cacheprovider", argument))).report
    assert list(outcomes(report).values()) == ["passed"]


def test_imports_resolve_as_under_python_m_pytest(project, run):
    text = """
    import os, sys
    def test_path():
        import shop.prices
        assert sys.path[1:].count(os.getcwd()) + (sys.path[0] == os.getcwd()) == 1
        assert not [path for path in sys.path if "hasten" in path]
        assert sys.argv[0].endswith("pytest/__main__.py")
        assert "" not in sys.path
    """
    report = run(
        project({"pytest.ini": "[pytest]\naddopts = --import-mode=importlib", "checks/test_path.py": text})
    ).report
    assert [(case.outcome, case.message) for case in report.cases] == [("passed", "")]


def test_odd_names_are_selected_whatever_they_hold(project, run):
    text = """
    import pytest
    ODD = ["a b", "x::y", "[z]", "\\u00e9\\u4e2d", "-k", "a/b", "q'\\"", "\\ud800", "\\n"]
    @pytest.mark.parametrize("value", ODD, ids=ODD)
    def test_odd(value): pass
    """
    tree = project({"tests/test_odd.py": text, "tests/test_other.py": "def test_other(): pass"})
    everything = run(tree).report
    odd = [test for test in everything.collected if "test_odd.py" in test]
    assert len(odd) == 9
    for chosen in (odd[::2], odd[1::2]):
        assert [case.id for case in run(tree, ids=chosen).report.cases] == chosen


def test_thousands_of_ids_in_the_files_order_that_was_asked_for(project, run):
    text = "import pytest\n@pytest.mark.parametrize('n', range(3000))\ndef test_{0}(n): pass\n"
    broken = "raise RuntimeError('never imported')"
    tree = project({
        "test_a.py": text.format("a"),
        "test_b.py": text.format("b"),
        "test_c.py": broken,
        "sub/test_d.py": broken,
    })  # fmt: skip
    ids = [f"test_b.py::test_b[{n}]" for n in range(2500)] + [f"test_a.py::test_a[{n}]" for n in range(2500)]
    report = run(tree, ids=ids).report
    assert [case.id for case in report.cases] == ids
    assert (report.requested, report.scope, report.import_failures) == (tuple(ids), "impacted", ())


def test_descriptors_closed_and_redirected_do_not_break_the_line(project, run):
    text = """
    import os, sys
    def test_closes():
        for fd in (0, 1, 2): os.close(fd)
    def test_prints_frames():
        os.write(1, b"\\0\\0\\0\\2{}") if os.path.exists("/proc/self/fd/1") else None
    def test_after(): print("x" * 100000)
    """
    report = run(project({"test_fds.py": text}), ids=None).report
    assert outcomes(report)["test_prints_frames"] == "passed"
    assert len(report.cases) == 3
    assert report.problem == ""


def test_a_forked_child_that_comes_back_reports_nothing(project, run):
    text = """
    import os
    def test_forks():
        if os.fork() == 0:
            assert False, "in the child"
        os.wait()
    def test_after(): pass
    """
    report = run(project({"test_fork.py": text})).report
    assert outcomes(report) == {"test_forks": "passed", "test_after": "passed"}
    assert report.problem == ""


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("os._exit(0)", "the process exited with code 0"),
        ("os.kill(os.getpid(), 11)", "signal 11 ended the process"),
        ("[].__iter__(); import time; time.sleep(60)", "it was stopped at its limit of 6 s"),
    ],
)
def test_a_crash_names_the_test_that_was_running(project, run, how, said):
    text = f"import os\ndef test_first(): pass\ndef test_bad(): {how}\ndef test_last(): pass"
    report = run(project({"test_crash.py": text}), wall_s=6.0).report
    assert report.problem == f"{said} while test_crash.py::test_bad ran"
    assert outcomes(report) == {"test_first": "passed"}
    assert len(report.collected) == 3


@pytest.mark.parametrize("body", ['{"kind":"passed"}', '{"kind":"end","exit":0,"problem":"","import_paths":[]}'])
def test_a_forged_frame_is_said_and_no_exception(project, run, body):
    text = f"""
    import os, struct
    body = b'{body}'
    def test_forges():
        for fd in range(3, 50):
            try: os.write(fd, struct.pack(">I", len(body)) + body + bytes(16))
            except OSError: pass
        os._exit(0)
    """
    report = run(project({"test_forge.py": text})).report
    assert report.forged
    assert "of its own making" in report.problem


def test_pytest_ended_early_is_said(project, run):
    text = "import pytest\ndef test_one(): pass\ndef test_two(): pytest.exit('enough')\ndef test_three(): pass"
    report = run(project({"test_exit.py": text})).report
    assert "interrupted" in report.problem
    wrong = run(project({"test_one.py": "def test_one(): pass", "pytest.ini": "[pytest]\naddopts = --nonsense"})).report
    assert "called wrongly" in wrong.problem
    assert "--nonsense" in wrong.tail


def test_files_that_cannot_be_imported_are_named_and_the_rest_runs(project, run):
    report = run(project({"test_good.py": "def test_good(): pass", "test_bad.py": "import nowhere"})).report
    assert [failure.id for failure in report.import_failures] == ["test_bad.py"]
    assert "nowhere" in report.import_failures[0].message
    assert outcomes(report) == {"test_good": "passed"}


def test_tests_may_write_to_their_tree_and_the_host_keeps_its_own(project, run):
    tree = project({"test_write.py": "def test_write(): open('left.txt', 'w').write('x')"})
    assert outcomes(run(tree).report) == {"test_write": "passed"}
    assert not (tree / "left.txt").exists()
