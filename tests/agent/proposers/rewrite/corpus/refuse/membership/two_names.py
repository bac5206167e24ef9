def target(rows):
    known = other = ["a", "b", "c", "d"]
    out = []
    for row in rows:
        if row not in known:
            other.append(row)
            out.append(row)
    return out
