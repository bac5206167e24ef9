def target(n):
    if n > 1:
        yield from target(n - 1)
        yield from target(n - 2)
