def target(rows):
    out = 0
    for row in rows:
        row.pop()
        if any(rows):
            out += 1
    return out
