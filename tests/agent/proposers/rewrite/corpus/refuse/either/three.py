def target(a, b, c):
    return min(a, b, c)
