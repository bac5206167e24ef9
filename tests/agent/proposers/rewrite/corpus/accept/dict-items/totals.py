def target(pairs):
    table = dict(pairs)
    out = []
    for key in table:
        if table[key] > 3 and table[key] % 2:
            out.append((key, table[key] + table[key]))
    return out
# ==== after
def target(pairs):
    table = dict(pairs)
    out = []
    for key, value in table.items():
        if value > 3 and value % 2:
            out.append((key, value + value))
    return out
# ==== inputs
large, faster = 500, 1.04


def inputs(random, size):
    return ([(f"a{random.randrange(size)}", random.randrange(9)) for _ in range(size)],)
