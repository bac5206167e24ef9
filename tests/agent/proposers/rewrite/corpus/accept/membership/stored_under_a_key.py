def target(names, table):
    known = [str(name) for name in names]
    table["known"] = [row for row in table["rows"] if row in known]
    table["rows"].append(len(known))
    return table
# ==== after
def target(names, table):
    known = [str(name) for name in names]
    known_set = set(known)
    table["known"] = [row for row in table["rows"] if row in known_set]
    table["rows"].append(len(known))
    return table
# ==== inputs
large, faster = 500, 5.0


def inputs(random, size):
    return [random.randrange(size) for _ in range(size)], {"rows": [str(row) for row in range(size)]}
