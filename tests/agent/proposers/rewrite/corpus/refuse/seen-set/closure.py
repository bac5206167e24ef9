def target(rows):
    out = []

    def add(row):
        out.append(row)

    for row in rows:
        if row not in out:
            out.append(row)
            add(row)
    return out
