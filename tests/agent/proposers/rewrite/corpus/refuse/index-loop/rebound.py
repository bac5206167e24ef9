def target(rows):
    out = []
    for i in range(len(rows)):
        out.append(rows[i])
        rows = rows[:]
    return out
