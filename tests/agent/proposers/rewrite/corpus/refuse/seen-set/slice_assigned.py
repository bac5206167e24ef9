def target(rows):
    out = []
    for row in rows:
        if row not in out:
            out.append(row)
            out[0:0] = [1]
    return out
