def target(rows, table):
    rows = list(rows)
    out = []
    for line in table:
        for cell in line:
            out.append(cell / max(rows))
    return out
