def target(rows):
    out = []
    for row in rows:
        if row not in out:
            out.append(row)
    return out
# ==== after
def target(rows):
    out = []
    out_seen = set(out)
    for row in rows:
        if row not in out_seen:
            out.append(row)
            out_seen.add(row)
    return out
# ==== inputs
large, faster = 1500, 5.0


def inputs(random, size):
    nan = float("nan")
    return ([random.choice([random.randrange(size), nan, float("nan"), 1, True, 1.0]) for _ in range(size)],)
