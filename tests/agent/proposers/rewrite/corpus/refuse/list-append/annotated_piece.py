def target(rows, more: list):
    # a tuple in spite of the annotation would raise before, and be taken after
    kept = []
    for _ in rows:
        kept = kept + more
    return kept
