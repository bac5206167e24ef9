ZERO = 0


def target(n, zero):
    # the second parameter is never calculated with: it may be a list
    if n < 2:
        return zero
    return target(n - 1, zero) + target(n - 2, zero)
