def target(rows, first):
    kept = first
    for row in rows:
        kept = kept + [row]
    return kept
