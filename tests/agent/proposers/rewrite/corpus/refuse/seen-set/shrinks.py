def target(rows):
    out = []
    for row in rows:
        if row not in out:
            out.append(row)
        if len(out) > 3:
            out.pop()
    return out
