def target(rows):
    kept = []
    first = kept
    for row in rows:
        kept = kept + [row]
    return first, kept
