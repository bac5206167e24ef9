def target(rows):
    try:
        kept = []
        for row in rows:
            kept = [row.name] + kept
    except AttributeError:
        return kept
    return kept
