def target(words, stop):
    known = dict(stop)
    return any(word in known for word in words)
