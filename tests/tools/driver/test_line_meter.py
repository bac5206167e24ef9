"""What each line of a function takes of time and of memory."""

import sys
import textwrap

import pytest

from tools.driver.line_meter import MemoryMeter, TimeMeter

PATH = "/project/module.py"


def run(meter_class, source, first, last, *arguments):
    source = textwrap.dedent(source)
    names = {}
    exec(compile(source, PATH, "exec"), names)
    meter = meter_class({"path": PATH, "first": first, "last": last})
    meter.start()
    try:
        result = names["f"](*arguments)
        if hasattr(result, "__next__"):
            list(result)
    finally:
        found = meter.stop()
    return found, {line: rest for line, *rest in found["lines"]}


def test_the_planted_hot_line_takes_the_time_and_hits_are_exact():
    source = """\
    def f(left, right):
        found = []
        for item in left:
            if item in right:
                found.append(item)
        return found
    """
    left = list(range(600))
    found, lines = run(TimeMeter, source, 1, 6, left, left[::2])
    assert found["calls"] == 1
    assert [lines[line][0] for line in range(2, 7)] == [1, 601, 600, 300, 1]
    assert lines[4][1] > 0.5 * sum(line[1] for line in lines.values())


def test_what_a_line_calls_is_not_its_own_time():
    source = """\
    def f(n):
        for _ in range(n):
            slow()
            sum(range(3000))

    def slow():
        total = 0
        for i in range(3000):
            total += i
    """
    _, lines = run(TimeMeter, source, 1, 4, 60)
    assert lines[3][2] == 60
    assert lines[3][3] > lines[3][1]
    assert lines[4][1] > lines[3][1]


def test_generators_count_as_one_call_and_time_outside_of_them_is_not_theirs():
    source = """\
    def f(n):
        for i in range(n):
            yield i
    """
    found, lines = run(TimeMeter, source, 1, 3, 50)
    assert found["calls"] == 1
    assert lines[3][0] == 50


def test_recursion_comprehensions_and_exceptions_keep_the_books_straight():
    source = """\
    def f(n):
        if n == 0:
            raise ValueError(n)
        try:
            f(n - 1)
        except ValueError:
            return [i for i in range(n)]
        return None
    """
    found, lines = run(TimeMeter, source, 1, 8, 5)
    assert found["calls"] == 6
    assert lines[3][0] == 1
    assert lines[8][0] == 4


@pytest.mark.parametrize("meter", [TimeMeter, MemoryMeter])
def test_whoever_traced_before_traces_again(meter):
    def own(_frame, _event, _argument):
        return None

    before = sys.gettrace()
    sys.settrace(own)
    try:
        run(meter, "def f():\n    return 1\n", 1, 2)
        assert sys.gettrace() is own
    finally:
        sys.settrace(before)


def test_the_planted_allocation_is_told_from_what_is_freed_at_once():
    source = """\
    def f(n):
        kept = []
        for i in range(n):
            kept.append(bytes(10_000))
            temporary = len(bytes(500_000))
        return kept
    """
    found, lines = run(MemoryMeter, source, 1, 6, 100)
    assert found["calls"] == 1
    assert lines[4][1] == pytest.approx(1_000_000, rel=0.1)
    assert abs(lines[5][1]) < 10_000
    assert lines[5][2] >= 500_000
