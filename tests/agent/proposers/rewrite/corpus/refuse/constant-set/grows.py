WORDS = ["a", "b", "c", "d", "e"]


def learn(word):
    WORDS.append(word)


def target(rows):
    return [row for row in rows if row in WORDS]
