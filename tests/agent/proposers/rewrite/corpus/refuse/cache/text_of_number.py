def target(x, n):
    if n <= 0:
        return str(x)
    if x < 0:
        return ""
    return target(x, n - 1) + target(x, n - 2)
