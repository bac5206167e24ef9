def target(n):
    return 1 if n < 2 else n * target(n - 1)
