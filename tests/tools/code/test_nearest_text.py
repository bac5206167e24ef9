"""The place that looks most like a text that is not there."""

import time

from tools.code.nearest import has_line_numbers, nearest, occurrences, without_line_numbers

TEXT = """\
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


def test_a_typing_error_is_found_with_the_line_that_differs() -> None:
    near = nearest(TEXT, "    for itme in left:\n        if item in right:\n")
    assert near is not None
    assert (near.first_line, near.last_line, near.only_space) == (3, 4, False)
    assert near.difference == ("-     for itme in left:", "+     for item in left:", "          if item in right:")


def test_other_white_space_is_made_visible() -> None:
    near = nearest(TEXT, '    for weight in weights:\n        text += f"{weight};"\n')
    assert near is not None
    assert near.only_space
    assert near.difference == (
        "- ····for weight in weights:",
        '- ········text += f"{weight};"',
        "+ →for weight in weights:",
        '+ →→text += f"{weight};"',
    )


def test_trailing_spaces_are_seen() -> None:
    near = nearest("x = 1  \n", "x = 1\n")
    assert near is not None
    assert near.difference == ("- x = 1", "+ x = 1··")


def test_a_line_left_out_is_found() -> None:
    near = nearest(TEXT, "    found = []\n    for item in left:\n            found.append(item)\n    return found\n")
    assert near is not None
    assert (near.first_line, near.last_line) == (2, 6)
    assert "+         if item in right:" in near.difference


def test_nothing_is_like_something_else() -> None:
    assert nearest(TEXT, "import os\nprint(os.environ)\n") is None
    assert nearest("", "x") is None
    assert nearest(TEXT, "\n \n") is None


def test_line_numbers_are_recognised() -> None:
    numbered = "  3|     for item in left:\n  4|         if item in right:\n"
    assert has_line_numbers(numbered)
    assert not has_line_numbers("x = {\n  3: 4}\n")
    assert without_line_numbers(numbered) == "    for item in left:\n        if item in right:\n"


def test_places_do_not_overlap() -> None:
    assert occurrences("aaaa", "aa") == [0, 2]


def test_a_large_file_is_compared_soon() -> None:
    text = "".join(f"def function_{number}(a, b):\n    return a * {number} + b\n\n" for number in range(6000))
    old = "".join(f"def function_{number}(a, b):\n    return a * {number} - b\n\n" for number in range(3000, 3060))
    started = time.process_time()
    near = nearest(text, old)
    assert near is not None
    assert near.first_line == 9001
    assert time.process_time() - started < 10
