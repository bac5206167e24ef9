def other(rows):
    out = []
    for row in rows:
        out.append(row * 2)
    return out


def target(rows):
    return rows
