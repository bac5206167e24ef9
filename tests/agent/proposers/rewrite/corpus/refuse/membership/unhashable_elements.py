def target(rows, pairs):
    known = [[a, b] for a, b in pairs]
    return [row for row in rows if row in known]
