def target(rows, r):
    row = rows[r]
    out = []
    for i in range(len(row)):
        rows[r][-1] = i
        out.append(row[i])
    return out
