def target(rows):
    kept = [1]
    for row in rows:
        for old in kept:
            kept = kept + [old + row]
    return kept
