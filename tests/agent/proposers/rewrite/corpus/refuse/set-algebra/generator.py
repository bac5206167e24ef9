def target(words, stop):
    known = set(stop)
    rest = (word for word in words)
    return all(word in known for word in rest), list(rest)
