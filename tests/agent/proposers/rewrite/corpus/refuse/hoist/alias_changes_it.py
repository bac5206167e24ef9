def target(rows, wanted):
    rows = list(rows)
    other = rows
    out = []
    for want in wanted:
        out.append(want in set(rows))
        other.append(want)
    return out
