def target(d: list, n, i):
    for j in range(n):
        d.append(j)
        d[i][0] = d[i][0] + 1
    return d
