def target(table):
    lines = []
    for line in table:
        out = []
        for row in line:
            if row not in out:
                out.append(row)
        lines.append(out)
    return lines
# ==== after
def target(table):
    lines = []
    for line in table:
        out = []
        out_seen = set(out)
        for row in line:
            if row not in out_seen:
                out.append(row)
                out_seen.add(row)
        lines.append(out)
    return lines
# ==== inputs
large, faster = 500, 3.0


def inputs(random, size):
    return ([[random.randrange(size) for _ in range(size)] for _ in range(3)],)
