def target(n):
    if n < 2:
        return n
    found = [target(n - 1), target(n - 2)]
    return found
