def target(n, seen):
    seen[n] = True
    if n < 2:
        return n
    return target(n - 1, seen) + target(n - 2, seen)
