def target(table, costs):
    for i in range(1, len(table)):
        above = table[i - 1]
        row = table[i]
        for j in range(len(above)):
            row[j] = above[j] + above[j] * costs + above[j]
    return table
# ==== after
def target(table, costs):
    for i in range(1, len(table)):
        above = table[i - 1]
        row = table[i]
        for j, above_item in enumerate(above):
            row[j] = above_item + above_item * costs + above_item
    return table
# ==== inputs
large, faster = 200, 1.04


def inputs(random, size):
    return [[random.randrange(9) for _ in range(size)] for _ in range(min(size, 20))], 2
