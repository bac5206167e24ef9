def target(a, b, max):
    return max(a, b)
