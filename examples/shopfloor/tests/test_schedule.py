import pytest

from shopfloor.schedule import dispatch, quiet_levels


def test_no_steps_no_end():
    assert dispatch([], 3) == {}


def test_one_machine_works_one_step_after_the_other():
    assert dispatch([(1, 10), (2, 20)], 1) == {1: 10, 2: 30}


def test_machines_take_turns():
    assert dispatch([(1, 10), (2, 20), (3, 5)], 2) == {1: 10, 2: 20, 3: 15}


def test_an_order_is_finished_with_its_last_step():
    assert dispatch([(1, 10), (1, 20)], 1) == {1: 30}


def test_long_steps_go_back_to_the_end():
    assert dispatch([(1, 70), (2, 20)], 1) == {1: 90, 2: 80}


def test_the_steps_themselves_stay_as_they_are():
    steps = [(1, 70), (2, 20)]
    dispatch(steps, 2)
    assert steps == [(1, 70), (2, 20)]


@pytest.mark.parametrize(
    ("lengths", "window", "levels"),
    [([], 3, []), ([5, 4], 3, []), ([3, 1, 2], 3, [1]), ([3, 1, 2, 5, 4], 2, [1, 1, 2, 4])],
)
def test_quiet_levels(lengths, window, levels):
    assert quiet_levels(lengths, window) == levels
