"""Calls that come at the sampler's own beat are seen in all of their parts."""

from tools.driver.profiling import profile

SOURCE = """\
import time

def spin(seconds):
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass

def short():
    spin(0.001)

def long():
    spin(0.003)

def call(which):
    long() if which else short()
"""
PATH = "/project/beat.py"


class Calls:
    """A short and a long call in turn: together they take what many kernels call a tick."""

    def __init__(self):
        names = {}
        exec(compile(SOURCE, PATH, "exec"), names)
        self.function = names["call"]

    def make(self, item):
        return (item,), {}


def test_shares_do_not_depend_on_the_beat():
    found = profile(Calls(), [0, 1], {"seconds": 1.2})
    names = [name for _, _, name in found["functions"]]
    spent = dict.fromkeys(names, 0)
    for stack, microseconds, _ in found["folded"]:
        for index in set(stack) - {-1}:
            spent[names[index]] += microseconds
    assert 0.12 < spent["short"] / (spent["short"] + spent["long"]) < 0.4


def test_lines_are_metered_for_a_while_and_memory_alone():
    place = {"path": PATH, "first": 14, "last": 15}
    found = profile(Calls(), [0, 1], {"seconds": 0.2, "level": "line", "place": place})
    assert found["metered"]["calls"] >= 2
    assert [line for line, *_ in found["lines"]] == [15]
    assert set(profile(Calls(), [0, 1], {"seconds": 0.2, "level": "memory", "place": place})) == {"metered"}
