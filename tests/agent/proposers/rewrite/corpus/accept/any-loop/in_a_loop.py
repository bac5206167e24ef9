def target(rows):
    kept = []
    for years, months in rows:
        if any(x is not None and x != int(x) for x in (years, months)):
            # Whole ones only.
            kept.append(None)
        if any(x is None for x in (years, months)):
            continue
        kept.append(12 * years + months)
    return kept
# ==== after
def target(rows):
    kept = []
    for years, months in rows:
        for x in (years, months):
            if x is not None and x != int(x):
                # Whole ones only.
                kept.append(None)
                break
        if any(x is None for x in (years, months)):
            continue
        kept.append(12 * years + months)
    return kept
# ==== inputs
large, faster = 500, 1.1


def inputs(random, size):
    return ([(random.choice([None, 1, 2.5]), random.randrange(12)) for _ in range(size)],)
