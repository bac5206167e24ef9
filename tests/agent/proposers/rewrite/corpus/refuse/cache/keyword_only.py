def target(n, *, m):
    if n < 2:
        return n
    return target(n - 1, m=m) + target(n - 2, m=m)
