def target(one: str, other: str):
    d = [[i + j for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            if one[i - 1] == other[j - 1]:
                d[i][j] = d[i - 1][j - 1]
            else:
                d[i][j] = 1 + min(d[i - 1][j], d[i][j - 1], d[i - 1][j - 1])
    return d[-1][-1]
# ==== after
def target(one: str, other: str):
    d = [[i + j for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        d_row = d[i]
        d_previous = d[i - 1]
        for j in range(1, len(other) + 1):
            if one[i - 1] == other[j - 1]:
                d_row[j] = d_previous[j - 1]
            else:
                d_row[j] = 1 + min(d_previous[j], d_row[j - 1], d_previous[j - 1])
    return d[-1][-1]
# ==== inputs
large, faster = 60, 1.02


def inputs(random, size):
    return tuple("".join(random.choice("abc") for _ in range(size)) for _ in range(2))
