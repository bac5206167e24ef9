def target(rows):
    out = []
    for row in list(rows):
        row.append(1)
        out.append(repr(rows))
    return out
