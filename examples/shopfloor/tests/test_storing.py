import pytest

from shopfloor.racks import put
from shopfloor.storing import put_away


def test_put_adds_to_what_is_there():
    levels = [1, 2, 3]
    put(levels, 1, 5)
    assert levels == [1, 7, 3]


def test_compartments_start_over():
    levels = [0, 0, 0]
    put(levels, 2041, 4)
    assert levels == [0, 4, 0]


def test_less_than_nothing_cannot_be_put_away():
    with pytest.raises(ValueError, match="-1 pieces"):
        put([0], 0, -1)


def test_nothing_finished():
    levels = [1, 2]
    assert put_away([], levels, 10) == []
    assert levels == [1, 2]


def test_pieces_go_to_their_compartments():
    levels = [0, 0, 0]
    assert put_away([(1, 4), (2, 5), (4, 1)], levels, 100) == []
    assert levels == [0, 5, 5]


def test_full_racks_take_nothing():
    levels = [50, 50]
    assert put_away([(1, 4), (2, 5)], levels, 100) == [1, 2]
    assert levels == [50, 50]


def test_a_large_order_stays_outside_and_a_small_one_still_fits():
    levels = [0, 0]
    assert put_away([(1, 400), (2, 5)], levels, 100) == [1]
    assert levels == [5, 0]
