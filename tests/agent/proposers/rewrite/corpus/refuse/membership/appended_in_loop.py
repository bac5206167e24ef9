def target(rows):
    known = ["a", "b", "c", "d"]
    out = []
    for row in rows:
        if row not in known:
            known.append(row)
            out.append(row)
    return out
