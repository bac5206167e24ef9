def target(rows):
    out = []
    for row in rows:
        if row not in out:
            out.append(row)
        most = max(out, [])
        most.append(7)
    return out
