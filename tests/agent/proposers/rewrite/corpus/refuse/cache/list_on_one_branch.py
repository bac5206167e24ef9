def target(n):
    return n if n < 2 else [target(n - 1), target(n - 2)]
