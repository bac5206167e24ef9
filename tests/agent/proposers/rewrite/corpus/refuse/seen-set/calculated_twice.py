def target(rows, make):
    out = []
    for row in rows:
        if row not in out:
            out.append(make(row))
    return out
