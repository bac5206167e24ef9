def target(d: list, n, i):
    for j in range(n):
        if n > 5:
            d[i][j] = 1
    return d
