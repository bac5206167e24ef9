def target(rows):
    kept = list()
    for row in rows:
        kept = kept + [str(row)] + sorted(str(row))
    return kept
# ==== after
def target(rows):
    kept = list()
    for row in rows:
        kept.append(str(row)); kept.extend(sorted(str(row)))
    return kept
# ==== inputs
large, faster = 3000, 3.0


def inputs(random, size):
    return ([random.randrange(1000) for _ in range(size)],)
