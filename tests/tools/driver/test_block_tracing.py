"""Calls are followed block by block, with the values that changed."""

import textwrap
import time

from tools.driver.blocks import Blocks
from tools.driver.tracing import BlockTracer

MEAN = """\
def mean(values):
    total = 0
    count = 0
    for value in values:
        total += value
        if value > 0:
            count += 1
    return total / count
"""


def follow(tmp_path, source, last, call, most_s=4.0):
    path = tmp_path / "module.py"
    path.write_text(textwrap.dedent(source))
    names = {}
    exec(compile(path.read_text(), str(path), "exec"), names)
    tracer = BlockTracer([{"path": str(path), "first": 1, "last": last, "name": "f"}], most_s)
    tracer.start()
    try:
        call(names)
    except (ValueError, ZeroDivisionError):
        pass
    finally:
        tracer.stop()
    return tracer.found()


def test_the_first_wrong_value_of_a_planted_bug_is_there(tmp_path):
    found = follow(tmp_path, MEAN, 8, lambda names: names["mean"]([3, -1]))
    (call,) = found["calls"]
    assert call["arguments"] == [["values", "[3, -1]"]]
    assert call["end"] == ["returned", "2.0"]
    blocks = [(block["lines"], dict(block["changed"])) for block in call["blocks"]]
    assert blocks[0] == ([2, 3], {"total": "0", "count": "0"})
    assert blocks[1] == ([4, 5, 6], {"value": "3", "total": "3"})
    assert blocks[2] == ([7], {"count": "1"})
    assert blocks[3] == ([4, 5, 6], {"value": "-1", "total": "2"})  # and here the count stays behind


def test_of_many_blocks_the_first_and_the_last_five_are_kept(tmp_path):
    found = follow(tmp_path, MEAN, 8, lambda names: names["mean"](list(range(1, 51))))
    (call,) = found["calls"]
    assert call["count"] == 1 + 2 * 50 + 2
    assert len(call["blocks"]) == len(call["last"]) == 5
    assert call["last"][-1]["lines"] == [8]
    assert [dict(block["changed"]).get("count") for block in call["last"]] == ["49", None, "50", None, None]


def test_what_is_raised_and_what_generators_give(tmp_path):
    source = """\
    def f(n):
        for i in range(n):
            if i == 2:
                raise ValueError(i)
            yield i
    """
    found = follow(tmp_path, source, 5, lambda names: list(names["f"](9)))
    (call,) = found["calls"]
    assert call["items"] == ["0", "1"]
    assert call["end"] == ["raised", "ValueError(2)"]
    assert call["at"] == 4


def test_an_exception_that_goes_through_with_and_finally_is_how_it_ends(tmp_path):
    source = """\
    def f():
        try:
            with open("/dev/null"):
                raise ValueError("no")
        finally:
            done = 1
    """
    found = follow(tmp_path, source, 6, lambda names: names["f"]())
    assert found["calls"][0]["end"] == ["raised", "ValueError('no')"]


def test_an_exception_that_is_caught_is_not_how_it_ends(tmp_path):
    source = """\
    def f():
        try:
            raise ValueError
        except ValueError:
            pass
    """
    found = follow(tmp_path, source, 5, lambda names: names["f"]())
    assert found["calls"][0]["end"] == ["returned", "None"]


def test_a_run_without_end_is_followed_for_a_while_only(tmp_path):
    source = """\
    def f(seconds):
        import time
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            pass
    """
    began = time.monotonic()
    found = follow(tmp_path, source, 5, lambda names: names["f"](1.0), most_s=0.2)
    assert found["cut"]
    assert found["calls"][0]["end"][0] == "unfinished"
    assert time.monotonic() - began < 5.0


def test_many_calls_are_kept_in_part(tmp_path):
    found = follow(tmp_path, "def f(n):\n    return n\n", 2, lambda names: [names["f"](n) for n in range(1000)])
    assert found["seen"] == 1000
    assert len(found["calls"]) == 320
    assert found["calls"][-1]["end"] == ["returned", "999"]


def test_a_statement_over_several_lines_is_one_block(tmp_path):
    path = tmp_path / "module.py"
    path.write_text("def f():\n if x:\n  pass\n g(\n  1,\n  2,\n )\n while y:\n  z()\n")
    blocks = Blocks(str(path), 1, 9)
    assert blocks.begins(4, 3)
    assert not blocks.begins(4, 6)
    assert blocks.begins(8, 8)
    assert not blocks.begins(9, 8)
