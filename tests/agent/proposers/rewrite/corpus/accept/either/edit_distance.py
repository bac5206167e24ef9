def target(one: str, other: str):
    row = list(range(len(other) + 1))
    for i, a in enumerate(one):
        before, row[0] = row[0], i + 1
        for j, b in enumerate(other):
            cost = before + (a != b)
            before = row[j + 1]
            step = row[j] + 1
            best = min(cost, step)
            step = before + 1
            row[j + 1] = min(best, step)
    return row[-1]
# ==== after
def target(one: str, other: str):
    row = list(range(len(other) + 1))
    for i, a in enumerate(one):
        before, row[0] = row[0], i + 1
        for j, b in enumerate(other):
            cost = before + (a != b)
            before = row[j + 1]
            step = row[j] + 1
            best = step if step < cost else cost
            step = before + 1
            row[j + 1] = step if step < best else best
    return row[-1]
# ==== inputs
large, faster = 60, 1.1


def inputs(random, size):
    return tuple("".join(random.choice("abc") for _ in range(size)) for _ in range(2))
