def target(wanted, rows: list = None):
    out = []
    for want in wanted:
        if rows is not None and want in set(rows):
            out.append(want)
    return out
