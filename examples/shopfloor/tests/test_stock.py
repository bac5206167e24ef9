import pytest

from shopfloor.orders import OrderLine
from shopfloor.stock import Bin, pick_list, smudged_labels, split_blocked


def line(order, part, pieces=2):
    return OrderLine(order, "Ito", part, pieces, "")


def test_everything_is_ready_when_nothing_is_blocked():
    lines = [line(1, "PIN-1"), line(2, "PIN-2")]
    assert split_blocked(lines, [Bin("A1", "PIN-1", 5, False)]) == (lines, [])


def test_lines_of_a_blocked_part_wait():
    lines = [line(1, "PIN-1"), line(2, "PIN-2"), line(3, "PIN-1")]
    ready, waiting = split_blocked(lines, [Bin("A1", "PIN-1", 5, True)])
    assert ready == [lines[1]]
    assert waiting == [lines[0], lines[2]]


def test_one_blocked_bin_blocks_the_part():
    bins = [Bin("A1", "PIN-1", 5, False), Bin("A2", "PIN-1", 5, True)]
    assert split_blocked([line(1, "PIN-1")], bins)[0] == []


def test_no_lines_nothing_to_split():
    assert split_blocked([], [Bin("A1", "PIN-1", 5, True)]) == ([], [])


def test_picks_from_the_place_of_the_part():
    assert pick_list([line(1, "PIN-1")], [Bin("A1", "PIN-1", 5, False)]) == [(1, "A1", 2)]


def test_picks_no_more_than_lies_there():
    assert pick_list([line(1, "PIN-1", 9)], [Bin("A1", "PIN-1", 5, False)]) == [(1, "A1", 5)]


def test_picks_in_the_order_of_the_lines_then_of_the_shelves():
    bins = [Bin("B1", "PIN-1", 1, False), Bin("A1", "PIN-2", 1, False), Bin("A2", "PIN-1", 1, False)]
    picks = pick_list([line(2, "PIN-2"), line(1, "PIN-1")], bins)
    assert [(order, place) for order, place, _ in picks] == [(2, "A1"), (1, "B1"), (1, "A2")]


def test_a_part_we_do_not_have_is_not_picked():
    assert pick_list([line(1, "PIN-9")], [Bin("A1", "PIN-1", 5, False)]) == []


def test_clean_labels_are_not_smudged():
    assert smudged_labels(["PIN-1", "AXL-12", "PIN-1"]) == 0


@pytest.mark.parametrize("scan", ["", "PIN", "pin-1", "PIN-", "PIN-1x", "PIN-\u0661"])
def test_smudged_labels_are_counted(scan):
    assert smudged_labels([scan, "PIN-1", scan]) == 2
