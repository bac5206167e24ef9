def target(n):
    if n < 2:
        return n
    if n % 2:
        return target(n - 1)
    return target(n // 2)
