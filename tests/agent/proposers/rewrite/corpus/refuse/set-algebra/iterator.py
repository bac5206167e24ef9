def target(words, stop):
    known = set(stop)
    return any(word in known for word in words())
