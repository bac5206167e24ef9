def target(rows):
    known = [str(row) for row in rows]
    other = known
    out = []
    for row in rows:
        if row in known:
            out.append(row)
        other += [row]
    return out
