"""Code without what is peculiar to its place."""

import pytest

from agent.playbook.abstract import Abstraction
from agent.playbook.ranking import alike_in_shape, words_of
from agent.playbook.tags import tags_of

ONE = '''def total(prices: list[float], *, rate=0.19) -> float:
    """Our secret margin."""
    # 19 % for ACME
    amount: float = 0
    for price in prices:
        if price.net in KNOWN and re.match("^acme", price.name):
            amount += compute(price, rate=rate) * 117
    return amount
'''
OTHER = """def summe(werte, *, satz=0.07):
    betrag = 0
    for wert in werte:
        if wert.netto in BEKANNT and re.match("^x", wert.name):
            betrag += rechne(wert, satz=satz) * 23
    return betrag
"""


def test_names_texts_and_numbers_are_generalised_and_the_language_stays() -> None:
    pattern = Abstraction().of(ONE)
    assert pattern == Abstraction().of(OTHER)
    for word in ("secret", "ACME", "acme", "117", "price", "KNOWN", "compute", "0.19", "float"):
        assert word not in pattern
    assert "re.match('s', v3.name)" in pattern


def test_one_name_is_the_same_on_both_sides() -> None:
    names = Abstraction()
    assert "v0" in names.of("def f(values):\n    return sorted(values)\n")
    assert names.of("def f(values):\n    copy = list(values)\n    copy.sort()\n    return copy\n").startswith(
        "def f0(v0):"
    )


def test_what_does_not_parse_and_what_is_c_is_generalised_by_tokens() -> None:
    pattern = Abstraction("c").of('/* mine */ int n = strlen(name); // ACME\nputs("ACME"); x->y += 42;')
    assert "ACME" not in pattern
    assert pattern.split() == [
        "int",
        "v0",
        "=",
        "strlen",
        "(",
        "v1",
        ")",
        ";",
        "v2",
        "(",
        '""',
        ")",
        ";",
        "v3",
        "->",
        "v4",
        "+=",
        "9",
        ";",
    ]


@pytest.mark.parametrize(
    ("code", "tags"),
    [
        ("def f(a):\n    for x in a:\n        t = x + t\n", {"loop", "concatenation"}),
        ("def f(a):\n    while a:\n        a.pop(0)\n", {"while", "list front", "pop"}),
        (
            "def f(a):\n    for i in range(len(a)):\n        for j in a:\n            pass\n",
            {"index loop", "nested loops"},
        ),
        ("def f(n):\n    return f(n - 1)\n", {"recursion"}),
        ("import re\ndef f(t):\n    return re.sub('a', 'b', t)\n", {"regex"}),
        ("@cache\ndef f(n):\n    return any(x in n for x in n)\n", {"cache", "early exit", "membership in loop"}),
        ("def f(:", set()),
    ],
)
def test_constructs_are_found(code: str, tags: set[str]) -> None:
    assert tags <= set(tags_of(code))
    assert bool(tags) == bool(tags_of(code))


def test_shape_and_words() -> None:
    names = Abstraction()
    loop, same, other = (names.of(code) for code in (ONE, OTHER, "def f(a):\n    return a.b\n"))
    assert alike_in_shape(loop, same) == 1.0
    assert alike_in_shape(loop, other) < 0.4
    assert alike_in_shape("", "") < 1
    assert words_of("HTTPServer.parse_headers_of the lines") == ("http", "server", "parse", "header", "line")
