def target(words, stop):
    known = set(stop)
    return any(word.lower() in known for word in words)
