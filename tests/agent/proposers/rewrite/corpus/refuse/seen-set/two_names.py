def target(rows):
    out = other = []
    for row in rows:
        if row not in out:
            out.append(row)
        other.append(row)
    return out
