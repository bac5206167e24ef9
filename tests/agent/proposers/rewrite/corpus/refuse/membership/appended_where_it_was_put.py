def target(rows, r, xs):
    row = list(rows[r])
    rows[r] = row
    out = []
    for x in xs:
        if x not in row:
            rows[r].append(x)
            out.append(x)
    return out
