"""The tools that change code, as a model calls them."""

from pathlib import Path

import pytest
from desks import call, desk_on

from agent.desk import Desk

MODULE = """\
def common(left, right):
    found = []
    for item in left:
        if item in right:
            found.append(item)
    return found


def label(weights):
\ttext = ""
\tfor weight in weights:
\t\ttext += f"{weight};"
\treturn text
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    source = tmp_path / "project"
    (source / "tests").mkdir(parents=True)
    (source / "parcels.py").write_text(MODULE)
    (source / "windows.py").write_bytes(b"x = 1\r\ny = 2\r\nz = 3\r\n")
    (source / "mixed.py").write_bytes(b"x = 1\r\ny = 2\nz = 3\n")
    (source / "latin.py").write_bytes("# -*- coding: latin-1 -*-\nname = 'Zoë'\n".encode("latin-1"))
    (source / "sums.c").write_text("int add(int a, int b) {\n    return a + b;\n}\n")
    (source / "tests" / "test_parcels.py").write_text("def test(): ...\n")
    return desk_on(source, tmp_path / "home")


def test_an_edit_is_answered_with_the_lines_as_they_are_now(desk: Desk) -> None:
    shown = call(desk, "edit", path="parcels.py", old="        if item in right:\n", new="        if item in known:\n")
    assert shown == (
        "Changed parcels.py. 1 edit can be undone.\n1| def common(left, right):\n2|     found = []\n"
        "3|     for item in left:\n4|         if item in known:\n5|             found.append(item)\n"
        "6|     return found\n7| "
    )
    assert "+        if item in known:" in desk.patch


def test_two_places_are_shown_apart(desk: Desk) -> None:
    shown = call(desk, "edit", path="parcels.py", old="    return found\n", new="    return found or []\n")
    assert shown.startswith("Changed parcels.py. 1 edit")
    shown = call(desk, "edit", path="parcels.py", old="item", new="one", all=True)
    assert "2 edits can be undone" in shown
    assert "5|             found.append(one)" in shown


def test_a_near_miss_is_mended_by_its_answer(desk: Desk) -> None:
    shown = call(desk, "edit", path="parcels.py", old="    for itme in left:\n        if item in right:\n", new="x")
    assert shown == (
        "Error: `old` does not stand in parcels.py. Nearest are lines 3 to 4, 97% alike; - is what you gave, + what "
        "stands there:\n-     for itme in left:\n+     for item in left:\n          if item in right:\n"
        "Call edit again with the lines as they stand there."
    )
    whole = call(desk, "edit", path="parcels.py", old='    text = ""\n    for weight in weights:\n', new="x")
    assert "Nearest are lines 10 to 11, only spaces or tabs differ (· is a space, → a tab)" in whole
    assert '- ····text = ""' in whole
    assert '+ →text = ""' in whole
    assert desk.edits == {}
    mended = call(
        desk, "edit", path="parcels.py", old='\ttext = ""\n\tfor weight in weights:\n', new="\tfor weight in []:\n"
    )
    assert mended.startswith("Changed")


def test_line_numbers_that_were_copied_are_recognised(desk: Desk) -> None:
    shown = call(desk, "edit", path="parcels.py", old="2|     found = []\n3|     for item in left:\n", new="x")
    assert "Without them it stands at line 2." in shown


def test_several_places_are_listed_and_all_changes_them(desk: Desk) -> None:
    shown = call(desk, "edit", path="parcels.py", old="weight in weights", new="w in weights")
    assert shown.startswith("Changed")
    shown = call(desk, "edit", path="parcels.py", old="found", new="kept")
    assert shown.startswith("Error: `old` stands 3 times in parcels.py, at lines 2, 5, 6.")
    call(desk, "edit", path="parcels.py", old="found", new="kept", all=True)
    assert "found" not in desk.read("parcels.py")


@pytest.mark.parametrize(("path", "ending"), [("windows.py", "\r\n"), ("mixed.py", "\n")])
def test_line_endings_stay_as_most_of_them_are(desk: Desk, path: str, ending: str) -> None:
    shown = call(desk, "edit", path=path, old="y = 2\nz = 3\n", new="y = 2\nw = 4\nz = 3\n")
    assert "3| w = 4" in shown
    assert f"w = 4{ending}z = 3{ending}" in desk.read(path)
    assert "\r\n\n" not in desk.patch
    if path == "windows.py":
        assert desk.patch.count("\n+") == 2  # the file's own head, and the one new line


def test_encodings_are_kept_and_what_they_cannot_hold_is_refused(desk: Desk) -> None:
    assert call(desk, "edit", path="latin.py", old="'Zoë'", new="'Zoé'").startswith("Changed")
    assert "cannot hold the new text" in call(desk, "edit", path="latin.py", old="'Zoé'", new="'你'")


def test_an_edit_that_no_longer_compiles_says_so(desk: Desk) -> None:
    shown = call(desk, "edit", path="parcels.py", old="    return found\n", new="return found\n")
    assert "Beware: parcels.py does not parse now, line 6: 'return' outside function (as Python 3." in shown
    assert "return found" in desk.read("parcels.py")
    assert "Beware" not in call(desk, "edit", path="parcels.py", old="return found\n", new="    return found\n")
    shown = call(desk, "edit", path="sums.c", old="return a + b;", new="return (a + b;")
    assert "Beware: sums.c does not parse now, line 2: " in shown


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("edit", {"path": "parcels.py", "old": "", "new": "x"}, "`old` is empty"),
        ("edit", {"path": "parcels.py", "old": "found", "new": "found"}, "nothing would change"),
        ("edit", {"path": "parcel.py", "old": "a", "new": "b"}, "Did you mean parcels.py? `write` makes a new one."),
        ("edit", {"path": "parcels.py", "old": "import os, json, re\n", "new": "b"}, "nor anything much like it"),
        ("edit", {"path": "tests/test_parcels.py", "old": "...", "new": "b"}, "off limits (tests and fixtures)"),
        ("write", {"path": "tests/test_more.py", "text": ""}, "off limits (tests and fixtures)"),
        ("write", {"path": "../out.py", "text": ""}, "leaves the repository"),
        ("write", {"path": ".git/config", "text": ""}, "off limits"),
        ("write", {"path": "parcels.py", "text": MODULE}, "nothing would change"),
        ("undo", {}, "There is no edit to undo."),
    ],
)
def test_what_cannot_be_done_says_what_to_do(desk: Desk, tool: str, arguments: dict[str, str], says: str) -> None:
    shown = call(desk, tool, **arguments)
    assert shown.startswith("Error: ")
    assert says in shown
    assert desk.patch == ""


def test_write_makes_and_replaces_and_undo_takes_back(desk: Desk) -> None:
    assert call(desk, "write", path="table.py", text="STATES = {}\n") == "Made table.py, 1 line. 1 edit can be undone."
    assert "1| STATES = {1: 2}" in call(desk, "write", path="table.py", text="STATES = {1: 2}\n")
    assert call(desk, "undo") == "Taken back: the last edit of table.py. 1 edit can be undone.\n1| STATES = {}"
    assert call(desk, "undo") == (
        "Taken back: the last edit of table.py. 0 edits can be undone.\ntable.py is no longer there."
    )
    assert desk.patch == ""
