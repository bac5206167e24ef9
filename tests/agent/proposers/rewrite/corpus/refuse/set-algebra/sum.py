def target(words, stop):
    known = set(stop)
    return sum(word in known for word in words)
