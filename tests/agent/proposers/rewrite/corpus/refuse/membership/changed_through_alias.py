def target(rows):
    known = ["a", "b", "c", "d"]
    other = known
    for row in rows:
        if row not in known:
            other.append(row)
    return known
