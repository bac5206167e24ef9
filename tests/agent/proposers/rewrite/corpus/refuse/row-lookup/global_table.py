D = [[]]


def target(n, i):
    for j in range(n):
        D[i][j] = D[i][j] + 1
