WORDS = ["a", "b", "c", "d", "e"]


def learn(more):
    global WORDS
    WORDS += more


def target(rows):
    return [row for row in rows if row in WORDS]
