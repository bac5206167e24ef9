WORDS = ["a", "b", "c", "d", "e"]
WORDS = WORDS[1:]


def target(rows):
    return [row for row in rows if row in WORDS]
