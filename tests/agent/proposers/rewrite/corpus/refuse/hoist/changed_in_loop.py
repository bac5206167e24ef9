def target(rows):
    rows = list(rows)
    out = []
    while rows:
        out.append(1 in set(rows))
        rows.pop()
    return out
