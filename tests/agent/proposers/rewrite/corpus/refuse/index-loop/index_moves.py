def target(rows):
    out = []
    for i in range(len(rows)):
        if rows[i]:
            i = 0
        out.append(rows[i])
    return out
