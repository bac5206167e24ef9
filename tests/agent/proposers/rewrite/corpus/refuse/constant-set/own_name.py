WORDS = ["a", "b", "c", "d", "e"]


def target(rows, WORDS):
    return [row for row in rows if row in WORDS]
