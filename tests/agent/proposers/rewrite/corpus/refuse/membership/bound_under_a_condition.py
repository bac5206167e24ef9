def target(rows, use):
    if use:
        known = [str(row) for row in rows]
    return [row for row in rows if use and row in known]
