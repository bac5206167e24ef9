def target(rows):
    out = []
    for i in range(len(rows)):
        for i in range(3):
            out.append(rows[i])
    return out
