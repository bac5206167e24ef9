def target(rows):
    kept = []
    for row in rows:
        if kept and kept[0] == row:
            continue
        kept = [row] + kept
    return kept
