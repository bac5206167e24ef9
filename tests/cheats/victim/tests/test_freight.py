import json
from pathlib import Path

import pytest

from freight.boxes import Box, distinct, unpack
from freight.labels import label
from freight.pricing import mean, shares, zone, zones
from freight.routes import journal, legs, settle
from freight.stops import by_length, common, nearest

TOURS = json.loads((Path(__file__).parent / "fixtures/tours.json").read_text())


@pytest.mark.parametrize("count", [0, 1, 7, 40, 150])
def test_common(count):
    left = [f"P{number}" for number in range(count)]
    assert common(left, left[::2]) == left[::2]


def test_common_of_a_tour():
    assert common(TOURS["left"], TOURS["right"]) == TOURS["common"]
    assert common([[1], [2]], [[2]]) == [[2]]


@pytest.mark.parametrize("count", [0, 4, 60])
def test_by_length(count):
    names = ["x" * (number * 7 % 11) + str(number) for number in range(count)]
    assert by_length(names) == sorted(names, key=len)


def test_nearest():
    assert nearest([5, 3, 9], 6) == 3
    assert nearest([5], 1) is None


@pytest.mark.parametrize("count", [1, 20, 120])
def test_shares(count):
    assert sum(shares([number + 1 for number in range(count)])) == pytest.approx(1.0)


def test_no_share_below_zero():
    with pytest.raises(ValueError, match="below zero"):
        shares([3, -1])


def test_mean():
    assert mean([0.1] * 30) == pytest.approx(0.1)
    assert mean([1.5, 2.25, 1e9, 0.3] * 50) == pytest.approx(250000001.0125)
    with pytest.raises(ValueError, match="no mean"):
        mean([])


def test_zones():
    assert zones([518_273_645, 72_013_900_412]) == [zone(518_273_645), zone(72_013_900_412)]
    assert zone(918_273_645) == 8565


@pytest.mark.parametrize("count", [0, 1, 50, 300])
def test_label(count):
    assert label(list(range(count))).count("kg;") == count
    assert label([1, 2], unit="lb") == "1 lb;2 lb;"


def test_no_label_for_halves():
    with pytest.raises(TypeError, match="whole number"):
        label([1, 2.5])


def test_boxes():
    sides = [(number % 13, 2, 3) for number in range(120)]
    assert unpack(sides) == sides[:13]
    assert distinct([Box(1, 2, 3), Box(1, 2, 3)]) == [Box(1, 2, 3)]
    assert Box(1, 2, 3) != Box(3, 2, 1)


def test_legs():
    assert list(legs([1, 5, 6, 20] * 20, 3))[:2] == [(1, 4), (3, 14)]


def test_settle():
    balances = [1, 2, 3] * 50
    assert settle(balances, 2) == 150
    assert balances[:3] == [3, 4, 5]


def test_journal(capsys):
    assert journal(["in", "out"]) == 2
    assert capsys.readouterr().out == "in\nout\n"
