import pytest

from shopfloor.orders import OrderLine, parse_orders, tally_notes


def test_reads_a_line():
    assert parse_orders(["2041;Miller GmbH;BRK-20;4;rush"]) == [OrderLine(2041, "Miller GmbH", "BRK-20", 4, "rush")]


def test_keeps_the_order_of_the_export():
    export = ["3;Ito;PIN-1;1;", "1;Ito;PIN-2;1;", "2;Ito;PIN-1;5;"]
    assert [line.order for line in parse_orders(export)] == [3, 1, 2]


@pytest.mark.parametrize("row", ["", "   ", "# exported at 06:00", "  # again"])
def test_skips_blank_lines_and_remarks(row):
    assert parse_orders([row]) == []


def test_space_around_a_row_does_not_matter():
    assert parse_orders(["  7;Ito;PIN-1;1;x \n"])[0].note == "x"


@pytest.mark.parametrize("row", ["1;2;3", "1;Ito;PIN-1;1;note;more"])
def test_names_the_line_it_cannot_read(row):
    with pytest.raises(ValueError, match="line 2: expected 5 cells"):
        parse_orders(["1;Ito;PIN-1;1;", row])


def test_pieces_must_be_a_number():
    with pytest.raises(ValueError):
        parse_orders(["1;Ito;PIN-1;many;"])


def test_nothing_to_tally():
    assert tally_notes([]) == {"rush": 0, "paint": 0, "certificate": 0, "pallet": 0}


def test_tallies_words_in_any_case():
    tally = tally_notes(["RUSH please", "paint RAL 7016", "Certificate 3.1 and paint", "on one pallet"])
    assert tally == {"rush": 1, "paint": 2, "certificate": 1, "pallet": 1}


def test_a_word_inside_a_word_does_not_count():
    assert tally_notes(["brush the edges", "repainted"])["paint"] == 0


def test_a_note_counts_once_for_each_wish():
    assert tally_notes(["rush rush rush"])["rush"] == 1
