def target(d: list, n, i):
    for j in range(n):
        d[i][j] = d[i][j] + 1
        i += 1
    return d
