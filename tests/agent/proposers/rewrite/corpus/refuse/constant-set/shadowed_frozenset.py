from immutables import frozenset

WORDS = ["a", "b", "c", "d", "e"]


def target(rows):
    return [row for row in rows if row in WORDS]
