def target(rows):
    words = list(rows)
    return words in ("a", "b", "c", "d")
