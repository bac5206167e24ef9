def target(rows, use):
    out = []
    for row in rows:
        if use:
            known = [c for c in "abcd"]
            known.append(row)
        if use and row in known:
            out.append(row)
    return out
