def target(n):
    if n < 2:
        return 1
    return target(n - 1) + target(n - 2) + [n]
