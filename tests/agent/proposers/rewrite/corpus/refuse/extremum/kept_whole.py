def target(rows):
    ordered = sorted(rows)
    return ordered[0], ordered
