def target(table, names: list[str]):
    out = []
    for line in table:
        if line:
            for cell in line:
                if cell in names:
                    out.append(cell)
    return out
# ==== after
def target(table, names: list[str]):
    out = []
    for line in table:
        if line:
            names_set = set(names)
            for cell in line:
                if cell in names_set:
                    out.append(cell)
    return out
# ==== inputs
large, faster = 120, 1.5


def inputs(random, size):
    return [[str(random.randrange(3 * size)) for _ in range(3 * size)] for _ in range(3)], [str(i) for i in range(size)]
