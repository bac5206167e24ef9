import pytest

from shopfloor.costing import cost_lots, step_minutes
from shopfloor.orders import OrderLine


@pytest.mark.parametrize(("part", "minutes"), [("AXL-12", 21), ("BRK-20", 9), ("PIN-1", 4), ("NUT-3", 12)])
def test_the_kind_of_part_decides(part, minutes):
    assert step_minutes(OrderLine(1, "Ito", part, 1, "")) == minutes


def test_no_lines_no_costs():
    assert cost_lots([], 500.0) == []


def test_one_line_carries_all_of_the_overhead():
    assert cost_lots([100], 500.0) == [585.0]


def test_overhead_is_shared_by_minutes():
    assert cost_lots([30, 90], 40.0) == [35.5, 106.5]
