def target(pairs, n, i):
    d = dict(pairs)
    for j in range(n):
        d[i][j] = d[i][j] + 1
    return d
