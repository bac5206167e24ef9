from shopfloor.labels import label_sheet


def test_no_picks_no_labels():
    assert label_sheet([]) == ""


def test_one_label():
    (label,) = label_sheet([(2041, "A7", 4)]).splitlines()
    assert label.startswith("| Shopfloor Ltd, ")
    assert "| order 002041 | shelf A7 |   4 pcs |" in label
    assert label.endswith(" this side up | 5 |")


def test_one_line_a_label():
    sheet = label_sheet([(1, "A1", 1), (2, "A2", 1), (3, "A3", 1)])
    assert [row.split("|")[2].strip() for row in sheet.splitlines()] == ["order 000001", "order 000002", "order 000003"]
    assert sheet.endswith("\n")
