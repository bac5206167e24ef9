WORDS = ["a", "b", "c", "d", "e"]


def forget():
    WORDS[0] = "z"


def target(rows):
    return [row for row in rows if row in WORDS]
