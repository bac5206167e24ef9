def target(rows):
    out = []
    for row in rows:
        pair = [row, row]
        if pair not in out:
            out.append(pair)
    return out
