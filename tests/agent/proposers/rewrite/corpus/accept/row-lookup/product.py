def target(one: list, other: list, size):
    out = [[0] * size for _ in range(size)]
    for i in range(size):
        for j in range(size):
            for k in range(size):
                out[i][j] += one[i][k] * other[k][j]
    return out
# ==== after
def target(one: list, other: list, size):
    out = [[0] * size for _ in range(size)]
    for i in range(size):
        for j in range(size):
            out_row = out[i]
            one_row = one[i]
            for k in range(size):
                out_row[j] += one_row[k] * other[k][j]
    return out
# ==== inputs
large, faster = 12, 1.02


def inputs(random, size):
    return [[random.randrange(9) for _ in range(size)] for _ in range(size)], [list(range(size)) for _ in range(size)], size
