def target(rows: list, wanted):
    kept = (x in rows for x in wanted)
    rows.clear()
    return list(kept)
