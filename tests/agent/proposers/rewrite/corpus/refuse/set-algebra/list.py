def target(words, stop):
    known = list(stop)
    return any(word in known for word in words)
