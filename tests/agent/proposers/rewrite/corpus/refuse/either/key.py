def target(a, b):
    return max(a, b, key=len)
