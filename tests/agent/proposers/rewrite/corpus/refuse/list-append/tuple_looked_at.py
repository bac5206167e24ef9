def target(rows):
    kept = ()
    for row in rows:
        if row not in kept:
            kept += (row,)
    return kept
