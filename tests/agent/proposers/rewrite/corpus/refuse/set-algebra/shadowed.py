def target(words, stop, any):
    known = set(stop)
    return any(word in known for word in words)
