"""A function's lines, put together from what the sampler and the meter saw."""

import pytest

from tools.profile.lines import (
    Metered,
    Place,
    Sampled,
    memory_of_lines,
    place_of,
    read_metered,
    read_sampled,
    time_of_lines,
)
from tools.profile.look import EMPTY
from tools.profile.profile import MalformedStacksError
from tools.profile.source import Function, SourceIndex

PLACE = Place(function=Function(path="m.py", qualname="f"), first=1, last=9)


def shares(found):
    return {cost.line: round(cost.share, 2) for cost in found.lines}


def test_own_time_goes_by_the_meter_and_called_time_by_the_sampler():
    sampled = {2: Sampled(own_us=0, called_us=300, samples=30), 4: Sampled(own_us=700, called_us=0, samples=70)}
    # The sampler's signal is noticed late: what line 3 takes shows at line 4.
    metered = Metered(lines={2: (10, 100, 10, 5000), 3: (10, 500, 0, 0), 4: (10, 100, 0, 0)}, calls=1, cut=False)
    found = time_of_lines(PLACE, EMPTY, [sampled], [metered])
    assert shares(found) == {2: 0.4, 3: 0.5, 4: 0.1}
    assert [cost.line for cost in found.hottest] == [3, 2, 4]
    assert found.hottest[1].own_share == pytest.approx(0.1)


def test_too_few_samples_say_nothing():
    sampled = {4: Sampled(own_us=4000, called_us=0, samples=1)}
    metered = Metered(lines={3: (1, 900, 0, 0), 4: (1, 50, 1, 50)}, calls=1, cut=False)
    assert shares(time_of_lines(PLACE, EMPTY, [sampled], [metered])) == {3: 0.9, 4: 0.1}


def test_memory_counts_what_stays_in_a_call_or_the_most_at_once():
    one = Metered(lines={2: (100, 4000, 50), 3: (100, 0, 3000), 4: (100, -4000, 0)}, calls=2, cut=False)
    found = memory_of_lines(PLACE, [one, one])
    assert [cost.line for cost in found.hottest] == [3, 2, 4]
    assert (found.lines[0].kept_bytes, found.lines[1].peak_bytes) == (2000, 3000)
    assert found.calls == 4


def test_a_function_that_is_defined_twice_stands_at_both(tmp_path):
    (tmp_path / "m.py").write_text("try:\n    def f(): pass\nexcept E:\n    def f():\n        return 1\n")
    sources = SourceIndex(tmp_path)
    found = place_of(Function(path="m.py", qualname="f"), sources)
    assert found is not None
    assert (found.first, found.last) == (2, 5)
    assert place_of(Function(path="m.py", qualname="g"), sources) is None


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"lines": [[1]], "calls": 1},
        {"lines": [[1, 2, 3, 4, 5], [1, 2, 3, 4]], "calls": 1},
        {"lines": [[1, "2", 3, 4]], "calls": 1},
        {"lines": [[1, 2, 3, 1 << 70]], "calls": 1},
        {"lines": [], "calls": -1},
        {"lines": [[1, 2, 3, 4]] * 30_000, "calls": 1},
    ],
)
def test_what_no_meter_sends_is_refused(answer):
    with pytest.raises(MalformedStacksError):
        read_metered(answer)


def test_what_no_sampler_sends_is_refused():
    assert read_sampled({}) == {}
    with pytest.raises(MalformedStacksError):
        read_sampled({"lines": [[1, 2, 3]]})
