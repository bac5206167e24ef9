def target(rows):
    known = ["a", "b", "c", "d"]

    def learn(row):
        known.append(row)

    out = []
    for row in rows:
        if row not in known:
            learn(row)
            out.append(row)
    return out
