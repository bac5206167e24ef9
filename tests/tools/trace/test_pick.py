"""Which of many followed calls is shown, and how."""

import pytest

from tools.profile.profile import MalformedStacksError
from tools.trace.calls import Block, Trace, TracedCall, read_trace
from tools.trace.pick import pick
from tools.trace.words import in_words


def call(number, value, *, name="f", arguments="1", ending="returned", items=()):
    return TracedCall(
        number=number,
        function=0,
        name=name,
        arguments=(("x", arguments),),
        blocks=(Block(lines=(2, 3), changed=(("y", value),)),),
        last=(),
        count=1,
        items=items,
        line=3,
        ending=ending,
        value=value,
    )


def trace(*calls):
    return Trace(calls=calls, seen=len(calls), cut=False)


def test_the_innermost_call_that_ends_otherwise_is_picked():
    # As they end: the inner ones first. The outer one has another end only because an inner one has.
    now = trace(call(2, "20"), call(3, "31"), call(1, "51", name="outer"))
    before = trace(call(2, "20"), call(3, "30"), call(1, "50", name="outer"))
    found = pick(now, before)
    assert found is not None
    assert found.before is not None
    assert (found.call.value, found.before.value, found.of) == ("31", "30", 2)
    text = in_words(found, "m.py", "def f(x):\n    y = x\n    return y\n")
    assert "f(x=1) (m.py, one of 2 calls) returned 31." in text
    assert "On the unchanged code this call returned 30." in text
    assert "     2      y = x" in text
    assert "now y = 31" in text


def test_a_call_with_other_arguments_is_the_second_choice():
    misled = trace(call(1, "9", arguments="2"))
    found = pick(misled, trace(call(1, "8")))
    assert found is not None
    assert found.misled
    both = pick(trace(call(1, "9", arguments="2"), call(2, "7")), trace(call(1, "8"), call(2, "6")))
    assert both is not None
    assert both.call.value == "7"


def test_without_a_difference_the_last_that_raised_is_shown():
    found = pick(trace(call(1, "ValueError()", ending="raised"), call(2, "1")), None)
    assert found is not None
    assert found.call.number == 1
    assert pick(trace(), None) is None


def test_a_generator_is_told_by_its_first_other_item():
    found = pick(trace(call(1, "None", items=("1", "2", "4"))), trace(call(1, "None", items=("1", "2", "3"))))
    assert found is not None
    assert "Its item 3 is 4; there it is 3." in in_words(found, "m.py", "")


@pytest.mark.parametrize(
    "answer", [{}, {"calls": [{}], "seen": 1, "cut": False}, {"calls": 3, "seen": 1, "cut": False}]
)
def test_what_no_tracer_sends_is_refused(answer):
    with pytest.raises(MalformedStacksError):
        read_trace(answer)
