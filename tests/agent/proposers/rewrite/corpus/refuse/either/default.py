def target(a, b):
    return max(a, default=b)
