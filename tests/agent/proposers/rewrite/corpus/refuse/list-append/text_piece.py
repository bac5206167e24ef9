def target(rows):
    kept = []
    for row in rows:
        kept = kept + str(row)
    return kept
