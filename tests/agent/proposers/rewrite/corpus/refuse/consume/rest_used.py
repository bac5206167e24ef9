def target(rows: list):
    out = []
    while rows:
        row = rows[0]
        rows = rows[1:]
        out.append((row, len(rows)))
    return out
