def target(rows):
    kept = ["end"]
    for row in rows:
        kept = [row] + kept
    return kept
