def target(rows):
    known = [str(row) for row in rows]
    other = known
    out = []
    for at, row in enumerate(rows):
        if row in known:
            out.append(row)
        other[at] = row
    return out
