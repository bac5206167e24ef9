def target(other):
    table = [1, 2, 3, 4]
    return max(table, other)
