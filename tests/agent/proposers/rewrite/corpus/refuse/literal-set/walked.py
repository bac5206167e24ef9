def target():
    out = []
    for row in ("a", "b", "c", "d"):
        out.append(row)
    return out
