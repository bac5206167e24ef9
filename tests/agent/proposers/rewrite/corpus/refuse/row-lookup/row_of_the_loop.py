def target(d: list, n):
    for j in range(n):
        d[j][0] = d[j][0] + 1
    return d
