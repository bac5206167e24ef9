def target(stop, words):
    known = set(stop)
    groups = [set(word) for word in words]
    return any(group in known for group in groups)
