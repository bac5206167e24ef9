def target(table: list[list[str]], cells):
    out = []
    for line in table:
        out.append(sum(1 for cell in cells if cell in line))
    return out
# ==== after
def target(table: list[list[str]], cells):
    out = []
    for line in table:
        line_set = set(line)
        out.append(sum(1 for cell in cells if cell in line_set))
    return out
# ==== inputs
large, faster = 400, 1.5


def inputs(random, size):
    return [[str(random.randrange(size)) for _ in range(size)] for _ in range(2)], [str(i) for i in range(size)]
