def target(d: list, n, i):
    out = []
    for j in range(n):
        out.append(lambda: d[i][j] + d[i][j])
    return out
