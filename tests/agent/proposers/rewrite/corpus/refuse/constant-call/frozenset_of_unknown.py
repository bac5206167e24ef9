def target(a):
    return frozenset([a, "b"])
