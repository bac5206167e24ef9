LIMITS = [3]


def target(n):
    if n < LIMITS[0]:
        return n
    return target(n - 1) + target(n - 2)
