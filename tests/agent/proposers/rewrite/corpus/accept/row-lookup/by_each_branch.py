def target(g: list, i):
    total = 0
    for j in range(1, len(g[0])):
        if j % 3 == 0:
            total += g[i][j]
        elif j % 3 == 1:
            total -= g[i][j - 1]
        else:
            total += 2 * g[i][j - 1]
        if total > 50:
            continue
        total += g[i][0] + g[i][1]
    return total
# ==== after
def target(g: list, i):
    total = 0
    g_row = g[i]
    for j in range(1, len(g[0])):
        if j % 3 == 0:
            total += g_row[j]
        elif j % 3 == 1:
            total -= g_row[j - 1]
        else:
            total += 2 * g_row[j - 1]
        if total > 50:
            continue
        total += g_row[0] + g_row[1]
    return total
# ==== inputs
large, faster = 3000, 1.02


def inputs(random, size):
    return [[random.randrange(-9, 9) for _ in range(size + 2)] for _ in range(2)], 1
