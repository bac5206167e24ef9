def target(table, iter):
    counts = {}
    for key in table:
        counts[key] = counts.get(key, 0) + 1
    return counts
