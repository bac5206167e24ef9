def target(n, **more):
    if n < 2:
        return n
    return target(n - 1) + target(n - 2)
