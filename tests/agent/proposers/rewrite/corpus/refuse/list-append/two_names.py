def target(rows):
    kept = first = []
    for row in rows:
        kept = kept + [row]
    return kept, first
