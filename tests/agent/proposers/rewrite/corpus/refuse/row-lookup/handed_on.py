def target(d: list, n, i, use):
    for j in range(n):
        use(d)
        d[i][j] = d[i][j] + 1
    return d
