def target(rows):
    kept = []
    for row in rows:
        kept += [row]
    return kept
