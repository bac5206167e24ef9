def target(d: list, n, i):
    out = []
    for j in range(n):
        out.append(d[i])
    return out
