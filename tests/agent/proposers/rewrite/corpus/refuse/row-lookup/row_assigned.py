def target(d: list, n, i):
    for j in range(n):
        d[i] = [j]
        d[i][0] = d[i][0] + j
    return d
