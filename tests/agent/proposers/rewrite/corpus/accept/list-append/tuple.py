def target(rows):
    found = ()
    for row in rows:
        if row % 2: found += (row,)
    return found
# ==== after
def target(rows):
    found_items = []
    for row in rows:
        if row % 2: found_items.append(row)
    found = tuple(found_items)
    return found
# ==== inputs
large, faster = 6000, 3.0


def inputs(random, size):
    return ([random.randrange(100) for _ in range(size)],)
