def target(kept, rows):
    # the caller's list must stay as it is
    for row in rows:
        kept = kept + [row]
    return kept
