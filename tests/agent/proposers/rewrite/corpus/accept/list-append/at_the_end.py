def target(rows):
    kept = [0]
    for row in rows:
        if row > len(kept):
            kept = kept + [row, len(kept)]
    return kept
# ==== after
def target(rows):
    kept = [0]
    for row in rows:
        if row > len(kept):
            kept.extend([row, len(kept)])
    return kept
# ==== inputs
large, faster = 3000, 3.0


def inputs(random, size):
    return ([random.randrange(5 * size + 1) + i for i in range(size)],)
