def target(rows):
    kept = []
    for row in rows:
        kept = kept + [row]
        kept = [row] + kept
    return kept
