def target(g: list, i, n, held):
    total = 0
    for j in range(1, len(g[0])):
        with held:
            if i + 1 >= n:
                break
            total += g[i + 1][j]
    return total
