"""What no change of the units may change."""

import arrays
import naps
import pure


def test_work_returns_the_value_doubled():
    for module in (arrays, naps, pure):
        assert [module.work(value, 1) for value in (0, 1, 2)] == [0, 2, 4]
