def target(g: list, i, n):
    total = 0
    for j in range(1, len(g[0])):
        if i + 1 < n:
            total += g[i + 1][j]
        elif n > 5:
            total += g[i + 1][j - 1]
    return total
