def target(rows: list, wanted):
    out = []
    for want in wanted:
        out.append(want in sorted(rows))
        rows = rows[1:]
    return out
