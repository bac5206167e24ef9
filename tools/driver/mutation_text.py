"""Texts varied: letters for letters; at the edges also odd characters, separators, other cases, pieces moved."""

import re
import string

_ODD = (
    *("", " ", "\n", "\t", "\r\n", "\x0b", "\x1c", "\x85", "\u00a0", "\u3000", "\u2028", "\u200b", "\x00", "\ufeff"),
    *(
        "\u00e9",
        "e\u0301",
        "\u4e2d",
        "\U0001f600",
        "\u00df",
        "\u0130",
        "\u0131",
        "\u017f",
        "\ufb01",
        "\u1e9e",
        "\u03c2",
    ),
    *(
        "\u00b2",
        "\u0663",
        "\u00bd",
        "\ud800",
        "\u202e",
        "'",
        '"',
        "\\",
        "A",
        "a",
        "0",
        "-",
        "_",
        ".",
        ",",
        "%",
        "{",
        "<",
    ),
)
_NUMBERS = ("0", "1", "-1", "00", "007", "10", "99", "100", "1.5", "1e5", "99999999999999999999")
_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
MOST_CHARACTERS = 20_000


def text_varied(mutator, value):
    """Another text; `mutator` gives the random generator, whether it may be wild, and a pool of other texts."""
    rng = mutator.rng
    if not mutator.wild:
        return "".join(_exchanged(rng, value, 0.3))
    if rng.random() < 0.12 and mutator.pool.get(str):
        value = rng.choice(mutator.pool[str])
    letters = _exchanged(rng, value, rng.choice((0.0, 0.0, 0.05, 0.3)))
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        letters = _edited(mutator, letters)
    return "".join(letters)[:MOST_CHARACTERS]


def _exchanged(rng, value, share):
    letters = list(value)
    for i, letter in enumerate(letters):
        if rng.random() < share:
            for group in _CLASSES:
                if letter in group:
                    letters[i] = rng.choice(group)
    return letters


def _edited(mutator, letters):  # noqa: PLR0912
    rng = mutator.rng
    at = rng.randrange(len(letters) + 1)
    end = at + rng.randrange(1, 9)
    what = rng.randrange(13)
    if what == 0:
        letters[at:at] = [rng.choice(_ODD)]
    elif what == 1:
        del letters[at : at + rng.randrange(1, 4)]
    elif what == 2:
        letters[at:at] = letters[at:end]
    elif what == 3:
        letters[at:end] = [letter.swapcase() for letter in letters[at:end]]
    elif what == 4:
        return list(rng.choice((str.upper, str.lower, str.title, str.swapcase, str.strip))("".join(letters)))
    elif what == 5:
        return letters[:at] if rng.random() < 0.5 else letters[at:]
    elif what == 6:
        return _separators(rng, letters)
    elif what == 7 and mutator.pool.get(str):
        letters[at:at] = rng.choice(mutator.pool[str])
    elif what == 8:
        return list(re.sub(r"\d+", lambda _: rng.choice(_NUMBERS), "".join(letters), count=rng.randrange(1, 3)))
    elif what == 9:
        parts = re.split(r"(\s+|[,;/.\-_:])", "".join(letters))
        rng.shuffle(parts)
        return list("".join(parts))
    elif what == 10:
        edge = rng.choice((" ", "\n", "\t", "  ", "-", "_", "."))
        return [*edge, *letters] if rng.random() < 0.5 else [*letters, *edge]
    elif what == 11:
        return [] if rng.random() < 0.3 else letters[:1]
    else:
        letters[at:at] = [rng.choice(_ODD)] * rng.randrange(1, 4)
    return letters


def _separators(rng, letters):
    """One of the characters that are neither letters nor digits is doubled, dropped or exchanged for another."""
    places = [i for i, letter in enumerate(letters) if not letter.isalnum()]
    if places:
        at = rng.choice(places)
        letters[at : at + 1] = rng.choice(([letters[at]] * 2, [], [letters[rng.choice(places)]], [letters[at]] * 3))
    return letters
